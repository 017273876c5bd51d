// Packs what runs into a few files: a start that looks for two thousand modules one by one spends most of its time on that
// (docs/adr/0023-packed-into-few-files.md).
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix, relative } from 'node:path'
import { build } from 'esbuild'

/** Left in node_modules: native code, packages with files or threads of their own, and BullMQ with its drivers, which drills reach into. */
const STAY = [
  ...['better-sqlite3', 'sharp', '@node-rs/argon2', 'pg-native'],
  ...['@electric-sql/pglite', '@hyzyla/pdfium', 'mailchecker', 'swagger-ui-dist'],
]
/** Of those, loaded when something of theirs is first used: a process on SQLite needs no `pg`, a command no queue. What is missing shows at the build. */
const LATE = ['bullmq', 'ioredis', 'pg']
/** Loaded at the start, so that native code that does not fit this machine shows there. */
const AT_ONCE = ['better-sqlite3', 'sharp', '@node-rs/argon2']
/** Files that others load by name: the command, what a ticket type is made from, and every ticket type. */
const ENTRIES = [
  'src/cli/main.ts',
  'src/machines/author.ts',
  ...inFolder('src/machines/types'),
  ...inFolder('examples'),
]
/** Run as they are, in a thread, a child or a browser of their own. */
const AS_THEY_ARE = [
  'src/workers/queues/embeddedSession.mjs',
  'src/documents/pdfChild.mjs',
  'src/web/portal/client.mjs',
]

function inFolder(folder) {
  return readdirSync(folder)
    .filter((it) => it.endsWith('.ts'))
    .map((it) => posix.join(folder, it))
}

const ROOT = '__PULIH_DIST__'
/** `import.meta.url` goes on naming the file's own place, whichever packed file its code lands in: what lies beside it is found. */
const ownPlaces = {
  name: 'own places',
  setup({ onLoad }) {
    onLoad({ filter: /\/(src|db|examples)\/.*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (path.includes('/node_modules/') || !text.includes('import.meta.url')) return undefined
      const place = relative('.', path).replaceAll('\\', '/').replace(/\.ts$/, '.js')
      return {
        contents: text.replaceAll('import.meta.url', `new URL('${ROOT}${place}', import.meta.url).href`),
        loader: 'ts',
      }
    })
  },
}
/** By `require`: `import` reads each file of a CommonJS package once more, for its names. Those are taken here, while packing. */
const required = {
  name: 'required',
  setup({ onResolve, onLoad }) {
    const find = createRequire(import.meta.url)
    const late = (path) =>
      Object.keys(find(path))
        .filter((name) => name !== '__esModule')
        .map(
          (name) =>
            `Object.defineProperty(exports, '${name}', { enumerable: true, get: () => require('${path}').${name} })`,
        )
    const filter = new RegExp(`^(${[...LATE, ...AT_ONCE].join('|')})$`)
    onResolve({ filter }, ({ path, namespace }) =>
      namespace === 'required' ? { path, external: true } : { path, namespace: 'required' },
    )
    onLoad({ filter, namespace: 'required' }, ({ path }) => ({
      contents: LATE.includes(path) ? late(path).join('\n') : `module.exports = require('${path}')`,
    }))
  },
}
/** CommonJS packages ask for node's own modules by `require`. */
const banner = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`

/** Writes the program to `target`, laid out as its sources are. */
export async function bundle(target) {
  const { outputFiles } = await build({
    entryPoints: ENTRIES,
    outdir: target,
    outbase: '.',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    external: STAY,
    banner: { js: banner },
    plugins: [ownPlaces, required],
    logLevel: 'warning',
  })
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true })
    const up = `${relative(dirname(path), target) || '.'}/`
    writeFileSync(path, path.endsWith('.js') ? text.replaceAll(ROOT, up) : text)
  }
  for (const file of AS_THEY_ARE) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    copyFileSync(file, join(target, file))
  }
}
