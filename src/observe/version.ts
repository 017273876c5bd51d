import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The version in package.json; found from the sources and from `dist` alike. */
export function programVersion(): string {
  let at = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(at, 'package.json')) && dirname(at) !== at) at = dirname(at)
  const { version } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { version: string }
  return version
}
