// Builds the officers' console (src/web/console) into a folder, each file also as brotli and gzip. Skipped when nothing it is made of has changed.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const ROOT = resolve('src/web/console')
const MADE_OF = ['package.json', 'scripts/console.mjs']
const COMPRESSED = /\.(js|css|html|svg)$/

/** Rejects when the console does not compile; types are looked at by `npm run types`. */
export async function buildConsole(outDir) {
  const stamp = join(outDir, '.stamp')
  const digest = digestOf([...MADE_OF, ...filesOf(ROOT)])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  const making = `${outDir}.${process.pid}`
  try {
    await bundle(making)
    for (const file of filesOf(making).filter((it) => COMPRESSED.test(it))) compress(file)
    writeFileSync(join(making, '.stamp'), digest)
    // Whole or not at all: two may build at the same time, and a server may be reading.
    rmSync(outDir, { recursive: true, force: true })
    renameSync(making, outDir)
  } catch (error) {
    // The other one was quicker, and made the same.
    if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) throw error
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}

async function bundle(outDir) {
  const { NODE_ENV } = process.env
  // Whoever runs the tests has another one, and would get React's for developers.
  process.env.NODE_ENV = 'production'
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')])
  await build({
    root: ROOT,
    base: '/petugas/',
    configFile: false,
    logLevel: 'warn',
    mode: 'production',
    plugins: [react()],
    build: {
      outDir: resolve(outDir),
      emptyOutDir: true,
      assetsDir: 'aset',
      // What the policy of the page forbids: nothing is inlined.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: ['chrome125', 'firefox128', 'safari17.5'],
      sourcemap: false,
      reportCompressedSize: false,
      manifest: 'manifest.json',
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  })
  if (NODE_ENV === undefined) delete process.env.NODE_ENV
  else process.env.NODE_ENV = NODE_ENV
}

function compress(file) {
  const bytes = readFileSync(file)
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
}

const filesOf = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name))
    .toSorted()

function digestOf(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

if (process.argv[1]?.endsWith('console.mjs')) await buildConsole(process.argv[2] ?? 'dist/src/web/console')
