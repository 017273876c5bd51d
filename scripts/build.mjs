// Compiles src and db to dist. Runs at `npm ci` (prepare) and before start and test; incremental, so a second run is quick.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { existsSync, rmSync } from 'node:fs'

const require = createRequire(import.meta.url)
// A dist whose build info survived while its files did not would be skipped by the incremental build.
if (!existsSync('dist/src/cli/main.js')) rmSync('dist', { recursive: true, force: true })
const tsc = require.resolve('typescript/bin/tsc')
const result = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
process.exit(result.status ?? 1)
