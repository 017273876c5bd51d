// Packs src and db into dist, with the console, the types that authors of ticket types compile against, and what the embedded queue begins as.
// Runs at `npm ci` (prepare) and before start and test; what is slow is made again only where it changed. Types are checked by `npm run types`.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { bundle } from './bundle.mjs'
import { buildConsole } from './console.mjs'
import { queueTemplate } from './queueTemplate.mjs'

const TEMPLATE = 'src/workers/queues/embedded.tar.br'

// A dist whose build info survived while its files did not would be skipped by the incremental build.
if (!existsSync('dist/chunks')) rmSync('dist', { recursive: true, force: true })
await Promise.all([
  declarations(),
  bundle('dist'),
  buildConsole('dist/src/web/console'),
  queueTemplate(`dist/${TEMPLATE}`),
])
// Beside the source too, so that what runs from there (tests, benches) begins as the product does.
copyFileSync(`dist/${TEMPLATE}`, TEMPLATE)
process.exit(0)

/** Rejects where what authors compile against does not compile. */
async function declarations() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) process.exit(code ?? 1)
}
