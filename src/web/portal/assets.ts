import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { STYLE } from './style.js'

export interface AssetPaths {
  readonly style: string
  readonly script: string
  readonly icon: string
}
export interface Asset {
  readonly type: string
  readonly body: Buffer
}

/** The ring of the head of every page, in the colours of the light theme. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="none" stroke-width="9" stroke-dasharray="16.5 16.5"><circle cx="16" cy="16" r="10.5" stroke="#0b5c52"/><circle cx="16" cy="16" r="10.5" stroke="#e2a12b" stroke-dashoffset="16.5"/></g></svg>`

/** The one style sheet and the one script; their names carry a digest, so what was fetched once never changes. */
export function loadAssets(): { readonly paths: AssetPaths; readonly files: ReadonlyMap<string, Asset> } {
  const files = new Map<string, Asset>()
  const add = (name: string, ending: string, type: string, body: Buffer): string => {
    const digest = createHash('sha256').update(body).digest('hex').slice(0, 16)
    const path = `/portal/${name}.${digest}.${ending}`
    files.set(path, { type, body })
    return path
  }
  // The compiler leaves the name of its map, which is not served.
  const source = readFileSync(new URL('./client.mjs', import.meta.url), 'utf8')
  const script = Buffer.from(source.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'))
  const paths = {
    style: add('portal', 'css', 'text/css; charset=utf-8', Buffer.from(STYLE)),
    script: add('portal', 'js', 'text/javascript; charset=utf-8', script),
    icon: add('mark', 'svg', 'image/svg+xml', Buffer.from(ICON)),
  }
  return { paths, files }
}
