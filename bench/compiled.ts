import { execFile } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { benchEngine, EngineBench } from './engine.js'

/** As `bin/pulih.js` and `npm start` have it. */
export const SETTINGS = ['--max-semi-space-size=32']
const ROOT = fileURLToPath(new URL('../', import.meta.url))
const ENGINE = fileURLToPath(new URL('./engineProcess.ts', import.meta.url))
/** Within the project, so that its packages are found from there. */
const TARGET = join(ROOT, '.cache/benches')

/**
 * The engine bench as the product runs: compiled, and with its settings. Run from the sources every function would be given its name anew
 * wherever it is made, which takes a tenth of all the time.
 */
export async function benchCompiledEngine(options: Parameters<typeof benchEngine>[0]): Promise<EngineBench> {
  const file = await compiled(ENGINE)
  const { stdout } = await promisify(execFile)(process.execPath, [...SETTINGS, file, JSON.stringify(options)])
  return JSON.parse(stdout) as EngineBench
}

let made: Promise<void> | undefined
/** Where this file of the benches lies compiled, with everything that it imports; all are compiled once in a run. */
export async function compiled(file: string): Promise<string> {
  await (made ??= compileAll())
  return join(TARGET, 'bench', basename(file).replace(/\.ts$/, '.js'))
}

async function compileAll(): Promise<void> {
  rmSync(TARGET, { recursive: true, force: true })
  const entryPoints = ['src', 'db', 'examples', 'bench'].map((room) => join(ROOT, room, '**/*.ts'))
  await build({ entryPoints, outdir: TARGET, outbase: ROOT, format: 'esm', platform: 'node', target: 'node20' })
  // Migrations, and the pages' styles and scripts.
  const filter = (path: string) => !/\.tsx?$/.test(path)
  for (const room of ['src', 'db']) cpSync(join(ROOT, room), join(TARGET, room), { recursive: true, filter })
}
