import type { PeopleStore } from '../../db/intake/people.js'
import { PulihError } from '../engine/errors.js'
import type { Clock } from '../engine/clock.js'
import { indexesOfPerson, type People } from './people.js'
import { assertRing, cellsOf, COMMON_SOURCES, indexKeyIds, placeOf, type RingParts } from './ring.js'
import { DATA_KEY_ID, type Vault } from './vault.js'

/** What one run changed; all zero when nothing was left to do. */
export interface Rotated {
  /** Tickets' keys wrapped by the active key now. */
  readonly rewrapped: number
  /** Values of no ticket sealed anew under the active key. */
  readonly resealed: number
  /** Rows by which something is found under the active index key now. */
  readonly indexed: number
  /** Rows of index keys that left the ring. */
  readonly dropped: number
}
export interface RotationParts extends RingParts {
  readonly vault: Vault
  readonly people: People
  readonly store: Pick<PeopleStore, 'addIndexes'>
  readonly clock: Clock
  /** Told now and then what was done so far. */
  readonly onProgress?: (done: Rotated) => void
  /** Stops between two rows; what is done stays done, the next run goes on. */
  readonly signal?: AbortSignal
}

const PAGE = 200
/** A process that still runs with the former ring may write under the former key meanwhile. */
const PASSES = 5

/**
 * Brings everything under the first keys of the ring, while others read and write: each row by itself, and only if it is still as it was
 * read. Cut off, it goes on where it stopped. Throws KEY_UNKNOWN before anything is changed when the ring lacks a key (R-ENC-3).
 */
export async function rotate(parts: RotationParts): Promise<Rotated> {
  await assertRing(parts)
  const done = { rewrapped: 0, resealed: 0, indexed: 0, dropped: 0 }
  const count = (what: keyof Rotated, rows: number) => {
    done[what] += rows
    if (rows > 0) parts.onProgress?.({ ...done })
  }
  for (let pass = 0; pass < PASSES && parts.signal?.aborted !== true; pass++) {
    const before = JSON.stringify(done)
    await rewrapAll(parts, (rows) => count('rewrapped', rows))
    await resealAll(parts, (rows) => count('resealed', rows))
    await indexAll(parts, (rows) => count('indexed', rows))
    if (JSON.stringify(done) === before) break
  }
  await dropForeign(parts, (rows) => count('dropped', rows))
  return done
}

type Count = (rows: number) => void
const going = ({ signal }: RotationParts): boolean => signal?.aborted !== true

async function rewrapAll(parts: RotationParts, count: Count): Promise<void> {
  const { keyring, keys } = parts
  let after = ''
  while (going(parts)) {
    const page = await keys.keysNotUnder(keyring.activeKeyId, after, PAGE)
    let done = 0
    for (const { ticketId, keyId, wrapped } of page) {
      if (wrapped === null || !going(parts)) continue
      const again = await keyring.wrap(ticketId, await keyring.unwrap(ticketId, keyId, wrapped))
      if (await keys.rewrapKey(ticketId, keyId, again.keyId, again.wrapped)) done += 1
    }
    count(done)
    if (page.length < PAGE) return
    after = page.at(-1)?.ticketId ?? after
  }
}

async function resealAll(parts: RotationParts, count: Count): Promise<void> {
  const { keyring, sealed, vault } = parts
  for await (const cell of cellsOf(sealed, COMMON_SOURCES, [DATA_KEY_ID, keyring.activeKeyId])) {
    if (!going(parts)) return
    const place = placeOf(cell)
    const again = await vault.seal(place, await vault.open(place, cell.sealed))
    if (await sealed.resealCell(cell, again)) count(1)
  }
}

/** Tickets that were filed before the active index key came; what is found by a picture or in the embedded directory as well. */
async function indexAll(parts: RotationParts, count: Count): Promise<void> {
  const { keyring, sealed } = parts
  const [active] = indexKeyIds(keyring)
  let after = ''
  while (active !== undefined && going(parts)) {
    const page = await sealed.unindexed(active, after, PAGE)
    let done = 0
    for (const ticketId of page) if (going(parts)) done += await indexTicket(parts, ticketId)
    count(done)
    if (page.length < PAGE) break
    after = page.at(-1) ?? after
  }
  if (indexKeyIds(keyring).length > 1) {
    await indexDocuments(parts, count)
    await indexDirectory(parts, count)
  }
}

async function indexTicket({ people, store, vault, clock }: RotationParts, ticketId: string): Promise<number> {
  try {
    const found = await people.identityOf(ticketId)
    if (found === null) return 0
    const rows = indexesOfPerson(vault, ticketId, found.identity, await people.contactsOf(ticketId), clock.now())
    await store.addIndexes(rows)
    return rows.length
  } catch (error) {
    // Erased between the list and here.
    if (error instanceof PulihError && error.code === 'ERASED') return 0
    throw error
  }
}

async function indexDocuments(parts: RotationParts, count: Count): Promise<void> {
  const { sealed, vault } = parts
  let after = ''
  while (going(parts)) {
    const page = await sealed.contentIndexes(after, PAGE)
    for (const { id, sha256, contentIndex } of page) {
      const { value } = vault.index('content', sha256)
      if (value !== contentIndex && (await sealed.reindexContent(id, contentIndex, value))) count(1)
    }
    if (page.length < PAGE) return
    after = page.at(-1)?.id ?? after
  }
}

interface Known {
  readonly nik: string
  readonly cards: readonly { readonly kpj: string }[]
}

async function indexDirectory(parts: RotationParts, count: Count): Promise<void> {
  const { sealed, vault } = parts
  const valuesOf = (kind: 'nik' | 'kpj', value: string) => {
    const [to = '', ...from] = vault.indexes(kind, value).map((it) => it.value)
    return { to, from }
  }
  for await (const cell of cellsOf(sealed, ['dirParticipants'])) {
    if (!going(parts)) return
    const { nik, cards } = (await vault.openJson(placeOf(cell), cell.sealed)) as Known
    const moved = await sealed.reindexDirectory(
      cell.row,
      valuesOf('nik', nik),
      cards.map(({ kpj }) => valuesOf('kpj', kpj)),
    )
    count(moved)
  }
}

async function dropForeign(parts: RotationParts, count: Count): Promise<void> {
  const { sealed, keyring } = parts
  while (going(parts)) {
    const dropped = await sealed.dropIndexes(indexKeyIds(keyring), PAGE)
    count(dropped)
    if (dropped === 0) return
  }
}
