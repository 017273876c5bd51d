import { spawn, type ChildProcess } from 'node:child_process'
import { createSecretKey } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { registerDirectory } from '../../src/cli/directory.js'
import { loadConfig } from '../../src/config.js'
import { KINDS, syntheticPeople, SYNTHETIC_SEED, type SyntheticPerson } from '../../src/directory/index.js'
import { httpAccounts } from '../../src/ports/accounts.http.js'
import { httpDirectory } from '../../src/ports/directory.http.js'
import { command } from '../support/command.js'

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-directory-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** As read from an environment with nothing in it. */
let inProduction = false
const load = () => ({ ...loadConfig({}), production: inProduction })

const run = (...args: string[]) =>
  command([(program, io) => registerDirectory(program, io, load)], ['directory', ...args])

describe('directory sample', () => {
  afterEach(() => void (inProduction = false))

  it('prints one of each kind first, as the embedded directory has them', async () => {
    const { out } = await run('sample', '--count', String(KINDS.length), '--json')
    const shown = JSON.parse(out.join('')) as SyntheticPerson[]
    expect(shown.map((it) => it.kind)).toEqual(KINDS)
    const known = syntheticPeople(SYNTHETIC_SEED, 100, 0).map((it) => it.participant)
    for (const { participant } of shown) expect(known).toContainEqual(participant)
  })

  it('prints one kind, in lines that say what to file with', async () => {
    const { out } = await run('sample', '--kind', 'severalCards', '--count', '2')
    expect(out).toHaveLength(6)
    expect(out[0]).toMatch(/^\d{16} {2}[A-Z ]+ {2}\d{4}-\d\d-\d\d {2}\[severalCards\]$/)
    expect(out[1]).toMatch(/KPJ 99\d{9}, 99\d{9}/)
    expect(out[2]).toMatch(/akun a-\d{5} \(active: \S+@\S+, \+62840\d{8}\)/)
  })

  it.each([
    [['sample', '--kind', 'king'], 'VALIDATION_FAILED'],
    [['sample', '--count', '0'], 'VALIDATION_FAILED'],
    [['serve', '--port', '70000'], 'VALIDATION_FAILED'],
  ])('refuses %j', async (args, code) => {
    const { err, code: exit } = await run(...args)
    expect([exit, err.join('')]).toEqual([1, expect.stringContaining(code)])
  })

  it.each(['sample', 'serve'])('%s is refused in production', async (command) => {
    inProduction = true
    const { out, err, code } = await run(command)
    expect({ out, code }).toEqual({ out: [], code: 1 })
    expect(err.join('')).toContain('Synthetic participants have no place in production.')
  })
})

/** The real command in a process of its own, and what it says to put into the environment. */
async function serving(data: string): Promise<{ child: ChildProcess; url: string; token: string }> {
  const args = ['bin/pulih.js', 'directory', 'serve', '--port', '0', '--data', data]
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  for await (const line of createInterface({ input: child.stdout })) {
    const said = /DIRECTORY_URL=(\S+) DIRECTORY_TOKEN=(\S+)/.exec(line)
    if (said !== null) return { child, url: said[1]!, token: said[2]! }
  }
  throw new Error('directory serve ended')
}

/** Two processes, one of which fills a directory: a busy machine takes its time. */
const UNHURRIED = { timeout: 120_000 }

it(
  'directory serve: adapters reach it; a replacement outlives kill -9 and is not done twice (R-WF-6)',
  UNHURRIED,
  async () => {
    const data = folder()
    const [person] = syntheticPeople(SYNTHETIC_SEED, 1, 0)
    const { nik, id: participantId } = person!.participant
    const order = { participantId, email: 'baru@example.org', phone: '+6284011112222', key: 'ticket-1' }

    const one = await serving(data)
    const secret = createSecretKey(Buffer.from(one.token))
    expect((await httpDirectory({ url: one.url, token: secret }).findByNik(nik))!.id).toBe(participantId)
    const first = await httpAccounts({ url: one.url, token: secret }).replaceContacts(order)
    const dead = once(one.child, 'exit')
    one.child.kill('SIGKILL')
    await dead

    const other = await serving(data)
    expect(other.token).toBe(one.token)
    const accounts = httpAccounts({ url: other.url, token: secret })
    expect(await accounts.replacementUnder('ticket-1')).toEqual({ accountId: person!.accounts[0]!.id })
    expect(await accounts.replaceContacts(order)).toEqual(first)
    expect(await accounts.contactsOf(participantId)).toMatchObject({ email: order.email, phone: order.phone })
    const ended = once(other.child, 'exit')
    other.child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  },
)
