// Everything that must hold before a commit. `npm run verify`; CI runs the same. Names of steps after it: these alone. The steps before the tests
// need one processor each, so two run at a time, the longest first.
import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'

const CHECKS = [
  ['lint and types', ['node', '--max-semi-space-size=64', '--single-threaded-gc', 'scripts/lint.mjs']],
  ['format', ['npm', 'run', '-s', 'format:check']],
  ['unused code', ['npm', 'run', '-s', 'unused']],
  ['import rules, no cycles', ['npm', 'run', '-s', 'deps']],
  ['build', ['npm', 'run', '-s', 'build']],
  ['generated docs', ['npm', 'run', '-s', 'docs:check']],
]
const TESTS = ['tests', ['npm', 'test', '--silent']]
const only = process.argv.slice(2)
const wanted = ([name]) => only.length === 0 || only.some((it) => name.startsWith(it))

/** What a step prints is shown when it ends, so that two beside each other can be read. */
async function run([name, [command, ...args]], stdio) {
  const from = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', stdio, stdio] })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk))
  const status = await new Promise((resolve) => child.once('close', resolve))
  const took = ((performance.now() - from) / 1000).toFixed(1)
  for (const chunk of said) process.stdout.write(chunk)
  console.log(`verify: ${name} ${status === 0 ? 'ok' : 'FAILED'} (${took} s)`)
  return status === 0
}

const waiting = CHECKS.filter(wanted)
let good = true
const lane = async () => {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
    if (!(await run(step, 'pipe'))) good = false
}
await Promise.all([lane(), lane()])
if (good && wanted(TESTS)) good = await run(TESTS, 'inherit')
process.exit(good ? 0 : 1)
