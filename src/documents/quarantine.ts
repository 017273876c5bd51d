import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { HEAD_BYTES } from './media.js'

/** A file as it came, before anybody has looked at it. */
export interface Quarantined {
  readonly size: number
  /** Hex. */
  readonly sha256: string
  /** Its first bytes. */
  readonly head: Buffer
  read(): AsyncIterable<Uint8Array>
  remove(): Promise<void>
}

/**
 * Where uploads wait (R-FILE-1): random names, 0600, outside anything that is served. Each file is enciphered under a key that only this
 * process has, in memory: what is left of a killed process is noise until it is swept.
 */
export interface Quarantine {
  /** Takes a stream to its end. Nothing stays when it fails. */
  take(source: AsyncIterable<Uint8Array>): Promise<Quarantined>
  /** Removes what was last written before this instant (epoch ms); gives how many. */
  sweep(writtenBefore: number): Promise<number>
}

const CIPHER = 'aes-256-ctr'
const KEY_BYTES = 32
const IV_BYTES = 16

export function openQuarantine(folder: string): Quarantine {
  return {
    async take(source) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = join(folder, randomBytes(16).toString('hex'))
      const [key, iv] = [randomBytes(KEY_BYTES), randomBytes(IV_BYTES)]
      try {
        const { size, sha256, head } = await write(path, source, key, iv)
        // The reader of the last stream hears of what fails in the first.
        const read = () => pipeline(createReadStream(path), createDecipheriv(CIPHER, key, iv), () => undefined)
        return { size, sha256, head, read, remove: () => rm(path, { force: true }) }
      } catch (error) {
        await rm(path, { force: true })
        throw error
      }
    },
    async sweep(writtenBefore) {
      let removed = 0
      for (const name of await namesIn(folder)) {
        const path = join(folder, name)
        const found = await stat(path).catch(() => null)
        if (found === null || found.mtimeMs >= writtenBefore) continue
        await rm(path, { force: true })
        removed++
      }
      return removed
    },
  }
}

async function write(
  path: string,
  source: AsyncIterable<Uint8Array>,
  key: Buffer,
  iv: Buffer,
): Promise<Pick<Quarantined, 'size' | 'sha256' | 'head'>> {
  const cipher = createCipheriv(CIPHER, key, iv)
  const hash = createHash('sha256')
  let size = 0
  let head = Buffer.alloc(0)
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of source) {
      size += chunk.length
      hash.update(chunk)
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES)
      await file.write(cipher.update(chunk))
    }
  } finally {
    await file.close()
  }
  // A copy of its own: a view would hold the whole chunk.
  return { size, sha256: hash.digest('hex'), head: Buffer.from(head) }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}
