// Everything that must hold before a commit, in the order in which it is cheapest to learn. `npm run verify`; CI runs the same.
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'

const STEPS = [
  ['format', 'npm', ['run', '-s', 'format:check']],
  ['lint', 'npm', ['run', '-s', 'lint']],
  ['types', 'npm', ['run', '-s', 'types']],
  ['build', 'npm', ['run', '-s', 'build']],
  ['import rules, no cycles', 'npm', ['run', '-s', 'deps']],
  ['unused code', 'npm', ['run', '-s', 'unused']],
  ['generated docs', 'npm', ['run', '-s', 'docs:check']],
  ['tests', 'npm', ['test', '--silent']],
]
const only = process.argv.slice(2)
const steps = only.length === 0 ? STEPS : STEPS.filter(([name]) => only.some((it) => name.startsWith(it)))
for (const [name, command, args] of steps) {
  const from = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  const took = ((performance.now() - from) / 1000).toFixed(1)
  if (status !== 0) {
    console.error(`verify: ${name} failed after ${took} s`)
    process.exit(1)
  }
  console.log(`verify: ${name} ok (${took} s)`)
}
