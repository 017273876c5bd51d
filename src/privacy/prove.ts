import type { Store } from '../../db/types.js'
import { PulihError } from '../engine/errors.js'
import { keyIdOf } from './aead.js'
import { Identity } from './people.js'
import { cellsOf, missingKeys, placeOf, type RingParts } from './ring.js'
import { createNeedles, type Needles } from './traces.js'
import type { SealedCell } from '../../db/intake/sealed.js'
import type { Vault } from './vault.js'

export interface PrivacyProof {
  /** Ciphertexts that were opened with their key at their place. */
  readonly opened: number
  /** Personal values that were looked for. */
  readonly values: number
  /** Texts in which they were looked for. */
  readonly texts: number
  readonly problems: readonly { readonly ticketId: string; readonly what: string }[]
}
export interface ProofParts extends Omit<RingParts, 'keys' | 'sealed'> {
  readonly store: Pick<Store, 'eachText' | 'intake'>
  readonly vault: Vault
  readonly onProgress?: (what: string, rows: number) => void
}

const TOLD = 100
const PROGRESS_EVERY = 5_000

/**
 * Proves that every ciphertext opens with its key at its place, that no row names a key that the ring lacks, and that no value which was
 * opened stands in any text of the database, spaced or encoded neither (R-ENC-4), and that tickets and contacts agree about proofs. Values live in memory only and are not in what it says.
 */
export async function provePrivacy(parts: ProofParts): Promise<PrivacyProof> {
  const { store, keyring, vault, onProgress } = parts
  const { keys, sealed } = store.intake
  const problems: PrivacyProof['problems'][number][] = (await missingKeys({ keyring, keys, sealed })).map((keyId) => ({
    ticketId: '-',
    what: `rows name the key ${keyId}, which is not in the keyring`,
  }))
  const needles = createNeedles()
  let opened = 0
  const nonces = new Set<string>()
  /** Rows of one place whose key is not here: whichever they are, the key is what is missing. */
  const noKeys = new Map<string, number>()
  for await (const cell of cellsOf(sealed)) {
    const nonce = cell.sealed.split('.')[2] ?? ''
    // 96 random bits: twice means a copied value, or a broken source of random numbers (A44).
    if (nonces.has(nonce))
      problems.push({
        ticketId: cell.ticketId ?? '-',
        what: `${cell.table}.${cell.column} has the nonce of another value`,
      })
    nonces.add(nonce)
    const found = await openedCell(vault, cell, needles)
    if (found === null) opened += 1
    else if (found.noKey) noKeys.set(found.what, (noKeys.get(found.what) ?? 0) + 1)
    else problems.push({ ticketId: cell.ticketId ?? '-', what: found.what })
    if (opened % PROGRESS_EVERY === 0) onProgress?.('opened', opened)
  }
  for (const [what, rows] of noKeys) problems.push({ ticketId: '-', what: `${what} (${rows} times)` })
  const traces = new Map<string, number>()
  let seen = 0
  const texts = await store.eachText((table, column, text) => {
    if (++seen % PROGRESS_EVERY === 0) onProgress?.('read', seen)
    for (const kind of needles.find(text)) {
      const where = `${table}.${column} holds a ${kind} in plain text`
      traces.set(where, (traces.get(where) ?? 0) + 1)
    }
  })
  for (const [where, rows] of traces) problems.push({ ticketId: '-', what: `${where} (${rows} times)` })
  problems.push(...(await proofProblems(store)))
  return { opened, values: needles.size, texts, problems: problems.slice(0, TOLD) }
}

/** A ticket goes by what it was told of its contacts' proofs: the rows must say the same (R-NIST-1). */
async function proofProblems({ intake }: ProofParts['store']): Promise<PrivacyProof['problems']> {
  return (await intake.people.disagreements(TOLD)).map(({ ticketId, channel, provenBy }) => {
    const [yes, no] = provenBy === 'ticket' ? ['the ticket', 'its row'] : ['its row', 'the ticket']
    return { ticketId, what: `the new ${channel} is proven as ${yes} says, and unproven as ${no} says` }
  })
}

/** Null when it opens; what it holds is looked for afterwards. */
async function openedCell(
  vault: Vault,
  cell: SealedCell,
  needles: Needles,
): Promise<{ readonly what: string; readonly noKey: boolean } | null> {
  const { source, table, column, sealed } = cell
  try {
    const plain = (await vault.open(placeOf(cell), sealed)).toString('utf8')
    if (source === 'identities') needles.add(Identity.parse(JSON.parse(plain)))
    else if (source === 'matches' || source === 'dirAccounts') addAccount(needles, JSON.parse(plain))
    else if (source === 'contacts') needles.addContact(cell.place[1] === 'email' ? 'email' : 'phone', plain)
    else if (source === 'dirParticipants') addDirectory(needles, JSON.parse(plain))
    return null
  } catch (error) {
    const place = `${table}.${column}`
    if (!(error instanceof PulihError)) return { what: `${place} opens, but holds something else`, noKey: false }
    const { code } = error
    return { what: `${place} does not open (${code}, key ${keyIdOrNone(sealed)})`, noKey: code === 'KEY_UNKNOWN' }
  }
}

const keyIdOrNone = (sealed: string): string => {
  try {
    return keyIdOf(sealed)
  } catch {
    return 'unknown'
  }
}

/** An account's contacts: as the embedded directory has them, or as they were before anything was changed. */
function addAccount(needles: Needles, known: unknown): void {
  const { email, phone } = known as { readonly email: string | null; readonly phone: string | null }
  if (email !== null) needles.addContact('email', email)
  if (phone !== null) needles.addContact('phone', phone)
}

/** Numbers only: names in the embedded directory are made of common ones. */
function addDirectory(needles: Needles, known: unknown): void {
  const { nik, cards } = known as { readonly nik: string; readonly cards: readonly { readonly kpj: string }[] }
  needles.add({ name: '', nik, kpj: cards[0]?.kpj ?? null })
}
