import type { AssistedFiling } from '../../../db/staff/deciding.js'
import type { IntakeStores } from '../../../db/intake/index.js'
import type { Store } from '../../../db/types.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Accepted } from '../../engine/types.js'
import type { Ids } from '../../engine/ids.js'
import type { Channel } from '../../../db/intake/people.js'
import type { Codes } from '../../intake/codes.js'
import type { Answer, Filing, NewFiling } from '../../intake/filing.js'
import type { Sessions } from '../../intake/sessions.js'
import type { TaskHandler, Tasks } from '../../intake/tasks.js'
import type { Actor, Label } from '../../machines/ticketType.js'
import type { CodeSender } from '../../messages/index.js'
import type { People } from '../../privacy/index.js'

/** What an agent asks a caller, or finds in a letter, before typing anything (R62): codes, written down with the draft. */
export const CALLER_STEPS: Readonly<Record<string, Label>> = {
  NAMA_DITANYAKAN: { id: 'Nama lengkap ditanyakan', en: 'The full name was asked for' },
  NIK_DITANYAKAN: { id: 'NIK ditanyakan', en: 'The NIK was asked for' },
  TANGGAL_LAHIR_DITANYAKAN: { id: 'Tanggal lahir ditanyakan', en: 'The date of birth was asked for' },
  PERUSAHAAN_DITANYAKAN: { id: 'Perusahaan terakhir ditanyakan', en: 'The last employer was asked for' },
  PERNYATAAN_DIBACAKAN: {
    id: 'Pernyataan pemilik akun dibacakan dan diiyakan',
    en: 'The declaration of ownership was read out and agreed to',
  },
  PEMBERITAHUAN_PRIVASI_DISAMPAIKAN: { id: 'Pemberitahuan privasi disampaikan', en: 'The privacy notice was given' },
}
/** Without these no draft is typed. They let nobody in: the owner still proves both contacts and submits (D29). */
export const REQUIRED_STEPS = ['NAMA_DITANYAKAN', 'PERNYATAAN_DIBACAKAN', 'PEMBERITAHUAN_PRIVASI_DISAMPAIKAN'] as const
/** What a desk writes down of somebody in front of it. */
const DESK_STEPS = ['ASLI_DILIHAT', 'PERNYATAAN_DIUCAPKAN']

export type NewAssisted = Omit<NewFiling, 'by' | 'device' | 'signs' | 'reserved'> & { readonly actor: Actor }
type Compose = (accepted: Accepted) => Promise<Answer>
interface Filed {
  readonly answer: Answer
  readonly replayed: boolean
}

/** Officers who file for somebody. They hold no token of what they filed: it stays the participant's. */
export interface Assisted {
  /** At a desk, for the person in front of it: submitted at once, a code for each contact on its way. */
  walkIn(filing: NewAssisted, officeId: string, compose: Compose): Promise<Filed>
  /** A draft (D29): its key goes to the new e-mail address, and the owner does the rest. */
  draft(
    filing: NewAssisted,
    channel: 'telepon_175' | 'email_care',
    steps: readonly string[],
    compose: Compose,
  ): Promise<Filed>
  /** A new code for a contact of a walk-in, for whoever filed it. Throws TICKET_NOT_FOUND for anybody and anything else. */
  askDeskCode(ticketId: string, actor: Actor, channel: Channel): Promise<void>
  /** The code as the participant typed it at the desk. Throws as `Codes.verify` does. */
  verifyDeskCode(ticketId: string, actor: Actor, channel: Channel, code: string): Promise<void>
  readonly sendKey: TaskHandler
}

interface Parts {
  readonly store: Pick<Store, 'findTicket'> & { readonly intake: Pick<IntakeStores, 'deciding' | 'approvals'> }
  readonly filing: Filing
  readonly codes: Pick<Codes, 'request' | 'verify'>
  readonly sessions: Pick<Sessions, 'issue' | 'revokeAll'>
  readonly people: Pick<People, 'contactsOf'>
  readonly sender: CodeSender
  readonly tasks: Tasks & { wake(): void }
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}
const SEND_KEY = 'send_draft_key'
const AT_HOME = 'pusat'

export function createAssisted(parts: Parts): Assisted {
  const { store, codes, tasks } = parts
  return {
    walkIn: (filing, officeId, compose) =>
      file(parts, filing, { channel: 'walk_in', officeId, steps: DESK_STEPS }, compose),
    draft: (filing, channel, steps, compose) =>
      file(parts, filing, { channel, officeId: AT_HOME, steps: steps.toSorted() }, compose),
    async askDeskCode(ticketId, actor, channel) {
      await refuseOthers(store, ticketId, actor)
      await codes.request({ ticketId, channel, purpose: 'prove', desk: true })
    },
    async verifyDeskCode(ticketId, actor, channel, code) {
      await refuseOthers(store, ticketId, actor)
      await codes.verify({ ticketId, channel, purpose: 'prove', code })
      tasks.wake()
    },
    sendKey: { kind: SEND_KEY, run: ({ ticketId, ref }) => sendKey(parts, ticketId, ref) },
  }
}

async function file(
  { store, filing, tasks, clock }: Parts,
  { actor, ...asked }: NewAssisted,
  how: Pick<AssistedFiling, 'channel' | 'officeId' | 'steps'>,
  compose: Compose,
): Promise<Filed> {
  const draft = how.channel !== 'walk_in'
  const by = { actor, draft }
  return filing.file({ ...asked, device: null, signs: [], by }, async (accepted) => {
    const { ticketId } = accepted
    const at = clock.now()
    await store.intake.deciding.noteAssisted({ ticketId, actorId: actor.id, ...how, at })
    await store.intake.approvals.noteHand(ticketId, actor.id, draft ? 'typed' : 'filed', at)
    if (draft) await tasks.ask(SEND_KEY, ticketId, 'first')
    return compose(accepted)
  })
}

/** The desk that filed it, while contacts are still to be proven; nobody else's codes are typed by officers. */
async function refuseOthers(store: Parts['store'], ticketId: string, actor: Actor): Promise<void> {
  const filed = await store.intake.deciding.findAssisted(ticketId)
  if (filed === null || filed.channel !== 'walk_in' || filed.actorId !== actor.id)
    throw new PulihError('TICKET_NOT_FOUND', 'no walk-in that this officer filed')
}

/** The key exists in this worker and in the message alone; sent again, it is another one. Nothing goes out for a draft that is none any more. */
async function sendKey({ store, sessions, people, sender }: Parts, ticketId: string, ref: string): Promise<void> {
  const ticket = await store.findTicket(ticketId)
  const contact = (await people.contactsOf(ticketId)).find((it) => it.channel === 'email')
  if (ticket?.state !== 'draft' || contact === undefined) return
  await sessions.revokeAll(ticketId)
  const { token } = await sessions.issue(ticketId)
  const { channel, address } = contact
  await sender.sendCode({
    ticketId,
    channel,
    address,
    code: token,
    ref: `draft-${ticketId}-${ref}`,
    purpose: 'assisted',
  })
}
