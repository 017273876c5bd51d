import type { KeyStore } from '../../db/intake/keys.js'
import { SEALED_SOURCES, type SealedCell, type SealedSource, type SealedStore } from '../../db/intake/sealed.js'
import { PulihError } from '../engine/errors.js'
import { keyIdOf } from './aead.js'
import type { Keyring } from './keyring.js'
import { DATA_KEY_ID } from './vault.js'

export interface RingParts {
  readonly keyring: Keyring
  readonly keys: KeyStore
  readonly sealed: SealedStore
}
export interface RingUse {
  /** Rows per key id that is not in the ring: with its key gone too early, what they hold cannot be opened. */
  readonly missing: readonly string[]
  readonly wrapping: readonly { readonly keyId: string; readonly tickets: number }[]
  readonly index: readonly { readonly keyId: string; readonly rows: number }[]
  /** Tickets that are found only by index keys outside the ring. */
  readonly lost: number
}

/** Rows that may be sealed under the keyring's common key. */
const COMMON: readonly SealedSource[] = SEALED_SOURCES.filter(
  (it) => it === 'localMail' || it === 'staff' || it.startsWith('dir'),
)
const PAGE = 500

/** Ids of the index keys, active first. */
export const indexKeyIds = (keyring: Keyring): readonly string[] => keyring.indexKeys('nik').map((it) => it.id)

/**
 * Throws KEY_UNKNOWN when something is sealed under a key that the ring lacks: a start with it would answer some and fail others. Cheap.
 */
export async function assertRing(parts: RingParts): Promise<void> {
  const missing = await missingKeys(parts)
  if (missing.length === 0) return
  throw new PulihError(
    'KEY_UNKNOWN',
    `Personal data are sealed under keys that are not in the keyring: ${missing.join(', ')}. ` +
      'A key may go only when `pulih keys status` shows nothing under it: put it back (PULIH_KEYS, or keys.json of the folder that the data came from), then run `pulih keys rotate`.',
  )
}

export async function missingKeys({ keyring, keys, sealed }: RingParts): Promise<readonly string[]> {
  const known = new Set([...keyring.keyIds, DATA_KEY_ID])
  const used = new Set(await keys.keyIdsInUse())
  for (const source of COMMON)
    for (const cell of await sealed.sealedCells(source, null, 1, [...known])) used.add(keyIdOf(cell.sealed))
  return [...used].filter((keyId) => !known.has(keyId)).sort()
}

/** What stands under which key. Reads all of the index: for commands, not for starts. */
export async function ringUse(parts: RingParts): Promise<RingUse> {
  const { keyring, keys, sealed } = parts
  return {
    missing: await missingKeys(parts),
    wrapping: (await keys.keyUse()).map(({ keyId, tickets }) => ({ keyId, tickets })),
    index: (await sealed.indexUse()).map(({ keyId, rows }) => ({ keyId, rows })),
    lost: await sealed.countLost(indexKeyIds(keyring)),
  }
}

/** Every sealed cell of these tables, a page at a time. */
export async function* cellsOf(
  sealed: SealedStore,
  sources: readonly SealedSource[] = SEALED_SOURCES,
  notUnder: readonly string[] = [],
): AsyncGenerator<SealedCell> {
  for (const source of sources) {
    let after: SealedCell['place'] | null = null
    for (;;) {
      const page: readonly SealedCell[] = await sealed.sealedCells(source, after, PAGE, notUnder)
      yield* page
      after = page.at(-1)?.place ?? null
      if (page.length < PAGE) break
    }
  }
}

/** Where a cell's ciphertext is bound to: a ticket's own key, or the common one that it names. */
export const placeOf = ({ table, column, row, ticketId, sealed }: SealedCell) => ({
  table,
  column,
  row,
  ticketId: keyIdOf(sealed) === DATA_KEY_ID ? ticketId : null,
})
export const COMMON_SOURCES = COMMON
