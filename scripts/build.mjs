// Checks src and db, packs them into dist, and with them what the embedded queue begins as. Runs at `npm ci` (prepare) and before start and test;
// what is slow is incremental, so a second run is quick.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { bundle } from './bundle.mjs'
import { buildConsole } from './console.mjs'
import { queueTemplate } from './queueTemplate.mjs'

const require = createRequire(import.meta.url)
// A dist whose build info survived while its files did not would be skipped by the incremental build.
if (!existsSync('dist/chunks')) rmSync('dist', { recursive: true, force: true })
const tsc = require.resolve('typescript/bin/tsc')
const result = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (result.status !== 0) process.exit(result.status ?? 1)
await bundle('dist')
await buildConsole('dist/src/web/console')
await queueTemplate('dist/src/workers/queues/embedded.tar.br')
// Beside the source too, so that what runs from there (tests, benches) begins as the product does.
copyFileSync('dist/src/workers/queues/embedded.tar.br', 'src/workers/queues/embedded.tar.br')
process.exit(0)
