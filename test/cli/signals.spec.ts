import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const CALENDARS = join(ROOT, 'test', 'fixtures', 'business-time', 'calendars.json')
/** A process whose orderly stop is `stop`. */
const program = (stop: string, limitMs: number) => `
  import { stopOnSignal } from './src/cli/signals.ts'
  setInterval(() => {}, 1_000)
  const io = { out: console.log, err: console.error }
  stopOnSignal(Promise.resolve({ pulih: { stop: ${stop} } }), io, ${limitMs})
  console.log('up')`

async function terminated(stop: string, { signals = 1, limitMs = 60_000 } = {}) {
  const args = ['--import', 'tsx', '--input-type=module', '-e', program(stop, limitMs)]
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const said = text(child.stderr)
  await once(child.stdout, 'data')
  for (let n = 0; n < signals; n++) {
    child.kill('SIGTERM')
    if (n + 1 < signals) await once(child.stdout, 'data')
  }
  const [code, signal] = await ended
  return { code, signal, err: await said }
}
const CUT = 'pulih: stopped; work that did not finish in time is taken up at the next start.\n'

it('R-OPS-2 a stop ends with 0, and says what it had to cut', async () => {
  expect(await terminated('async () => true')).toEqual({ code: 0, signal: null, err: '' })
  expect(await terminated('async () => false')).toEqual({ code: 0, signal: null, err: CUT })
})

it('R-OPS-2 a stop that never ends is over at its limit; a second signal does not wait for it', async () => {
  expect(await terminated('() => new Promise(() => {})', { limitMs: 200 })).toEqual({ code: 0, signal: null, err: CUT })
  const told = "() => { console.log('stopping'); return new Promise(() => {}) }"
  expect(await terminated(told, { signals: 2 })).toMatchObject({ code: 1, signal: null })
})

it('a reader that goes away ends no command before its work is done', async () => {
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'pulih.js'), 'calendar', 'check', CALENDARS], {
    stdio: 'pipe',
  })
  const said = text(child.stderr)
  child.stdout.destroy()
  expect(await once(child, 'close')).toEqual([0, null])
  expect(await said).toBe('')
})
