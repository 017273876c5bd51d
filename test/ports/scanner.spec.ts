import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedScanner, ScannerUnavailable, type Scanner } from '../../src/ports/scanner.js'
import { clamdScanner, readClamdUrl } from '../../src/ports/scannerClamd.js'
import { EICAR } from '../documents/samples.js'
import { hasClamd, startClamd, type Clamd } from '../support/clamd.js'
import { freePort } from '../support/servers.js'

// eslint-disable-next-line @typescript-eslint/require-await -- a scanner reads streams
async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part, 'latin1') : part
}
const clean = { verdict: 'clean' }

describe('the embedded scanner', () => {
  it('A13: finds the test string anywhere, also across chunks, and calls everything else clean', async () => {
    const infected = { verdict: 'infected', signature: 'Eicar-Test-String' }
    expect(await embeddedScanner.scan(chunks(EICAR))).toEqual(infected)
    expect(await embeddedScanner.scan(chunks('%PDF-1.4 ', EICAR, ' %%EOF'))).toEqual(infected)
    const bytes = Array.from(EICAR)
    expect(await embeddedScanner.scan(chunks(...bytes))).toEqual(infected)
    expect(await embeddedScanner.scan(chunks(EICAR.slice(0, -1), 'x'))).toEqual(clean)
    expect(await embeddedScanner.scan(chunks())).toEqual(clean)
  })
})

describe.skipIf(!hasClamd)('clamd', () => {
  let clamd: Clamd
  beforeAll(async () => {
    clamd = await startClamd(EICAR)
  })
  afterAll(() => clamd.stop())

  it.each(['socket', 'tcp'] as const)('A13: says FOUND and OK over its %s', async (door) => {
    const scanner = clamdScanner({ address: clamd[door] })
    expect(await scanner.scan(chunks('%PDF-1.4\n', EICAR, '\n%%EOF'))).toEqual({
      verdict: 'infected',
      signature: 'Test-Signature.UNOFFICIAL',
    })
    expect(await scanner.scan(chunks('nothing to see', new Uint8Array(0), 'here'))).toEqual(clean)
    expect(await scanner.scan(chunks())).toEqual(clean)
    expect(await scanner.scan(chunks(...Array.from({ length: 100 }, () => Buffer.alloc(100_000, 65))))).toEqual(clean)
  })

  it('A14: a stream over its limit is not clean but unscanned', async () => {
    const much = chunks(...Array.from({ length: 400 }, () => Buffer.alloc(100_000, 65)))
    await expect(clamdScanner({ address: clamd.tcp }).scan(much)).rejects.toThrow(ScannerUnavailable)
    const some = chunks(...Array.from({ length: 130 }, () => Buffer.alloc(100_000, 65)))
    await expect(clamdScanner({ address: clamd.tcp }).scan(some)).rejects.toThrow(/unavailable/)
  })

  it('A14: killed it is unavailable, and back it scans again', async () => {
    const scanner = clamdScanner({ address: clamd.tcp })
    await clamd.kill()
    await expect(scanner.scan(chunks('x'))).rejects.toThrow(ScannerUnavailable)
    await expect(clamdScanner({ address: clamd.socket }).scan(chunks('x'))).rejects.toThrow(ScannerUnavailable)
    await clamd.start()
    expect(await scanner.scan(chunks('x'))).toEqual(clean)
  })
})

describe('a scanner that does not answer as it should (A14)', () => {
  let server: Server
  let answer: (socket: Socket) => void
  let scanner: Scanner
  const sockets = new Set<Socket>()
  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.add(socket)
      socket
        .on('error', () => undefined)
        .on('close', () => sockets.delete(socket))
        .resume()
      answer(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    scanner = clamdScanner({ address: { host: '127.0.0.1', port }, connectMs: 200, scanMs: 200 })
  })
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  const ways: readonly (readonly [string, (socket: Socket) => void])[] = [
    ['silence', () => undefined],
    ['a closed door', (socket: Socket) => void socket.destroy()],
    ['the size limit', (socket: Socket) => void socket.end('INSTREAM size limit exceeded. ERROR\0')],
    ['an error', (socket: Socket) => void socket.end("stream: Can't allocate memory ERROR\0")],
    ['an empty answer', (socket: Socket) => void socket.end('\0')],
    ['something else', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\n')],
    ['an answer cut in half', (socket: Socket) => void socket.end('stream: OK')],
    ['an answer without an end', (socket: Socket) => void socket.write('x'.repeat(5_000))],
  ]
  it.each(ways)('A14: %s is no verdict', async (_name, how) => {
    answer = how
    await expect(scanner.scan(chunks('x'))).rejects.toThrow(ScannerUnavailable)
    await expect.poll(() => sockets.size).toBe(0)
  })

  it('takes the name of what was found only when it looks like one', async () => {
    answer = (socket) => void socket.end('stream: Win.Test-1(abc) FOUND\0')
    expect(await scanner.scan(chunks('x'))).toEqual({ verdict: 'infected', signature: 'Win.Test-1(abc)' })
    answer = (socket) => void socket.end('stream: <b>name</b> FOUND\0')
    expect(await scanner.scan(chunks('x'))).toEqual({ verdict: 'infected', signature: 'unnamed' })
  })

  it('a file that cannot be read fails the scan and holds no socket', async () => {
    answer = () => undefined
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream that breaks
    const broken = (async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x')
      throw new Error('disk')
    })()
    await expect(scanner.scan(broken)).rejects.toThrow('disk')
    await expect.poll(() => sockets.size).toBe(0)
  })

  it('nobody listens', async () => {
    const address = { host: '127.0.0.1', port: await freePort() }
    await expect(clamdScanner({ address }).scan(chunks('x'))).rejects.toThrow(ScannerUnavailable)
  })
})

it('CLAMD_URL names a socket or a host', () => {
  expect(readClamdUrl('unix:/run/clamav/clamd.ctl')).toEqual({ path: '/run/clamav/clamd.ctl' })
  expect(readClamdUrl('unix:///run/clamd')).toEqual({ path: '/run/clamd' })
  expect(readClamdUrl('tcp://scanner.internal:3311')).toEqual({ host: 'scanner.internal', port: 3311 })
  expect(readClamdUrl('tcp://[::1]')).toEqual({ host: '::1', port: 3310 })
  for (const wrong of ['', 'clamd', 'http://x:1', 'unix:relative', 'tcp://']) expect(readClamdUrl(wrong)).toBeNull()
})
