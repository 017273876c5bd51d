import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Encoding = 'br' | 'gzip' | 'identity'
export interface ServedFile {
  readonly type: string
  /** As the build left it: plain, and compressed where that pays. */
  readonly bodies: ReadonlyMap<Encoding, Buffer>
}
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const ENDINGS: readonly (readonly [Encoding, string])[] = [
  ['identity', ''],
  ['br', '.br'],
  ['gzip', '.gz'],
]

/** The built console beside this file, or in dist where the sources run as they are; null when it was not built. */
export function consoleFolder(): string | null {
  const places = ['../console/', '../../../dist/src/web/console/'].map((it) =>
    fileURLToPath(new URL(it, import.meta.url)),
  )
  return places.find((it) => existsSync(join(it, 'manifest.json'))) ?? null
}

/** Every file that may be served, by its name inside the folder: `index.html`, `aset/…`. Read once; nothing else is ever opened. */
export function readFiles(folder: string): ReadonlyMap<string, ServedFile> {
  const files = new Map<string, ServedFile>()
  const names = ['index.html', ...readdirSync(join(folder, 'aset')).map((it) => `aset/${it}`)]
  for (const name of names) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const bodies = new Map<Encoding, Buffer>()
    for (const [encoding, ending] of ENDINGS)
      if (existsSync(join(folder, name + ending))) bodies.set(encoding, readFileSync(join(folder, name + ending)))
    files.set(name, { type, bodies })
  }
  return files
}
