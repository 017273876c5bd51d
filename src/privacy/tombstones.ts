import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

/** Ids and instants only: this file outlives the data it tells of, and lies where backups are put back. */
const Line = z.strictObject({
  ticketId: z.string().regex(/^[0-9a-f-]{36}$/),
  erasedAt: z.number().int(),
  /** It was ordered, and then a legal hold stood in its way. */
  kept: z.literal(true).optional(),
})
export type Erased = Pick<z.infer<typeof Line>, 'ticketId' | 'erasedAt'>

/** The list of erasures beside the data, so that a backup that is put back does not bring anybody back (A47). */
export interface TombstoneFile {
  /** On disk when it resolves. */
  append(erased: readonly Erased[]): Promise<void>
  /** Takes back what `append` said: nothing was erased. */
  withdraw(ticketId: string, at: number): Promise<void>
  /** What stands, by ticket. A line that a power cut left half written is passed over. */
  read(): Promise<ReadonlyMap<string, Erased>>
}

export const TOMBSTONES = 'tombstones.jsonl'

export function tombstoneFile(path: string): TombstoneFile {
  const write = async (lines: readonly z.infer<typeof Line>[]): Promise<void> => {
    if (lines.length === 0) return
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'a+', 0o600)
    try {
      // Whatever was cut off before ends here, and does not swallow the first new line.
      const { size } = await file.stat()
      const last = size === 0 ? '\n' : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString('latin1')
      await file.appendFile((last === '\n' ? '' : '\n') + lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
      await file.sync()
    } finally {
      await file.close()
    }
  }
  return {
    append: (erased) => write(erased),
    withdraw: (ticketId, erasedAt) => write([{ ticketId, erasedAt, kept: true }]),
    async read() {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
        throw error
      })
      const standing = new Map<string, Erased>()
      for (const line of text.split('\n')) {
        const parsed = Line.safeParse(parsedJson(line))
        if (!parsed.success) continue
        const { ticketId, erasedAt, kept } = parsed.data
        if (kept === true) standing.delete(ticketId)
        else standing.set(ticketId, { ticketId, erasedAt })
      }
      return standing
    },
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
