import { createHash } from 'node:crypto'
import type { Store } from '../../../db/types.js'
import type { Engine } from '../../engine/types.js'

/** More than one active account for one person (D11, D33): ids of the institution, nothing else. */
export interface SeveralAccounts {
  readonly participantId: string
  readonly accounts: readonly string[]
  readonly officeId: string
}

interface Parts {
  readonly store: Pick<Store, 'listTickets'>
  readonly engine: Pick<Engine, 'file'>
}
/** Filing is a supervisor's; that nobody did it by hand is in the name. */
const SYSTEM = { id: 'system', role: 'supervisor' } as const
/** Closed findings of one person that are looked at: there are hardly ever two. */
const SHOWN = 100

/** Files the finding as a small ticket of its own, once while one is open. People decide which account stays. */
export const severalAccounts =
  ({ store, engine }: Parts) =>
  async ({ participantId, accounts, officeId }: SeveralAccounts): Promise<void> => {
    const participantRef = refOf(participantId)
    const { items } = await store.listTickets({ type: 'akun_ganda', participantRef }, 'filed', SHOWN, null)
    if (items.some((it) => it.standing !== 'terminal')) return
    const filing = { participantRef, officeId, accounts: [...accounts].sort().slice(0, 10) }
    // Two that find it at once file it once; found again after it was closed it is another finding, whatever is remembered of the first.
    const found = JSON.stringify([filing, items.map((it) => it.id).sort()])
    const key = `system:akun_ganda:${createHash('sha256').update(found).digest('base64url')}`
    await engine.file({ type: 'akun_ganda', filing, actor: SYSTEM, key, fingerprint: null })
  }

/** The same person has the same reference; it says nothing by itself, and has no digits that could be taken for a number. */
const refOf = (participantId: string): string => {
  const hex = createHash('sha256').update(`akun_ganda|${participantId}`).digest('hex').slice(0, 32)
  return `ps_${hex.replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? 'g')}`
}
