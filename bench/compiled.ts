import { execFile } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { benchEngine, EngineBench } from './engine.js'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const ENGINE = fileURLToPath(new URL('./engineProcess.ts', import.meta.url))
/** Within the project, so that its packages are found from there. */
const TARGET = join(ROOT, '.cache/benches')
/** As `bin/pulih.js` and `npm start` have it. */
const SETTINGS = ['--max-semi-space-size=32']

/**
 * The engine bench as the product runs: compiled, and with its settings. Run from the sources every function would be given its name anew
 * wherever it is made, which takes a tenth of all the time.
 */
export async function benchCompiledEngine(options: Parameters<typeof benchEngine>[0]): Promise<EngineBench> {
  const file = await compiled(ENGINE)
  const { stdout } = await promisify(execFile)(process.execPath, [...SETTINGS, file, JSON.stringify(options)])
  return JSON.parse(stdout) as EngineBench
}

/** Where this file of the benches lies compiled, with everything that it imports. */
async function compiled(file: string): Promise<string> {
  rmSync(TARGET, { recursive: true, force: true })
  const entryPoints = ['src', 'db', 'examples', 'bench'].map((room) => join(ROOT, room, '**/*.ts'))
  await build({ entryPoints, outdir: TARGET, outbase: ROOT, format: 'esm', platform: 'node', target: 'node20' })
  cpSync(join(ROOT, 'db/migrations'), join(TARGET, 'db/migrations'), { recursive: true })
  return join(TARGET, 'bench', basename(file).replace(/\.ts$/, '.js'))
}
