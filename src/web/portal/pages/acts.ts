import type { Channel } from '../../../../db/intake/people.js'
import { PulihError } from '../../../engine/errors.js'
import type { TicketRow } from '../../../engine/types.js'
import type { FilerRequest, IdentityPatch } from '../../../intake/requests.js'
import { messages, type FieldCode } from '../../../intake/messages.js'
import { reopenDaysOf } from '../../../machines/pengaduan/reopening.js'
import type { Label } from '../../../machines/ticketType.js'
import { contactField } from '../contactField.js'
import { markup } from '../html.js'
import { button, field, form } from '../parts.js'
import type { Answer, Fault, Filer, Form, Page, Visit } from '../visit.js'
import { status } from '../words/status.js'
import { wizard } from '../words/wizard.js'
import { codeFault, secondsUntil, waitText } from './code.js'
import { uploadFault } from './files.js'
import { forgetDraft } from './sent.js'
import { showStatus } from './status.js'

export type Act = (visit: Visit, filer: Filer, form: Form) => Promise<Answer>
const ours = (visit: Visit): Answer => ({ redirect: visit.to('/status/pengaduan') })

/** Only for whoever holds the status token; everybody else is asked for a code first. */
export const asFiler =
  (act: Act) =>
  (visit: Visit, typed: Form = () => ''): Promise<Answer> =>
    visit.filer === null ? Promise.resolve({ redirect: visit.to('/status') }) : act(visit, visit.filer, typed)

/** The form of an event, while the ticket can take it; else the status, which says what can be done. */
export const whileAllowed = (event: string, show: (visit: Visit, ticket: TicketRow) => Answer | Promise<Answer>) =>
  asFiler(async (visit, filer) => {
    const ticket = await visit.deps.store.findTicket(filer.ticketId)
    const open = ticket !== null && visit.deps.engine.allowed(ticket, filer.actor).some(({ type }) => type === event)
    return open ? show(visit, ticket) : ours(visit)
  })

/** The same form sent twice is one request: its key was made with the page. */
export const keyField = ({ deps }: Visit) => markup`<input type="hidden" name="key" value="${deps.ids.id()}" />`

export function requestOf(
  { deps, path }: Visit,
  { ticketId, actor }: Filer,
  typed: Form,
  names: readonly string[],
): FilerRequest {
  const key = typed('key')
  if (!/^[0-9a-f-]{36}$/.test(key)) throw new PulihError('ROLE_NOT_ALLOWED', 'a form without its key')
  const [fingerprint = ''] = deps.services.vault.macs(
    'request',
    `${path}\n${JSON.stringify(names.map((it) => typed(it)))}`,
  )
  return { ticketId, actor, key: `${actor.id}:portal-${key}`, fingerprint }
}

/** A page that says what will happen; nothing does before its button is pressed, whoever fetches it (A28). */
function confirming(
  event: string,
  path: string,
  words: { title: Label; text: Label | ((reopenDays: number) => Label); yes: Label; kind: 'warn' | 'main' },
  act: Act,
): Page {
  return {
    path,
    get: whileAllowed(event, (visit, ticket) => {
      const reopenDays = reopenDaysOf(ticket.snapshot.context)
      const text = typeof words.text === 'function' ? words.text(reopenDays) : words.text
      return {
        title: visit.say(words.title),
        back: '/status/pengaduan',
        body: markup`<p class="lead">${visit.say(text, { reopenDays })}</p>
          ${form(visit, path, markup`${keyField(visit)}${button(visit, words.yes, words.kind)}`)}`,
      }
    }),
    post: asFiler(act),
  }
}

const withdrawal = confirming(
  'withdraw',
  '/status/tarik',
  {
    title: status.withdraw,
    text: (reopenDays) => (reopenDays > 0 ? status.withdrawText : status.withdrawForGood),
    yes: status.withdrawYes,
    kind: 'warn',
  },
  async (visit, filer, typed) => {
    const event = { type: 'withdraw', reason: 'DITARIK_PESERTA' }
    await visit.deps.services.requests.send(requestOf(visit, filer, typed, []), event)
    return ours(visit)
  },
)
const objection = confirming(
  'objection.raise',
  '/status/bukan-saya',
  { title: status.object, text: status.objectText, yes: status.objectYes, kind: 'warn' },
  async (visit, filer, typed) => {
    await visit.deps.services.requests.send(requestOf(visit, filer, typed, []), { type: 'objection.raise' })
    return ours(visit)
  },
)
export const IDENTITY = [
  { name: 'nik', label: wizard.nik, hint: wizard.nikHint, inputmode: 'numeric', width: 16 },
  { name: 'name', label: wizard.name, hint: wizard.nameHint, inputmode: 'text', width: 40 },
  { name: 'birthDate', label: wizard.birth, hint: wizard.birthHint, inputmode: 'text', width: 11 },
  { name: 'kpj', label: wizard.kpj, hint: wizard.kpjHint, inputmode: 'numeric', width: 16 },
] as const

function correctionForm(visit: Visit, typed: Form = () => '', faults: readonly Fault[] = []): Answer {
  const { say } = visit
  return {
    title: say(status.correctTitle),
    back: '/status/pengaduan',
    faults,
    body: markup`<p class="lead">${say(status.correctLead)}</p>
      ${form(
        visit,
        '/status/perbaikan',
        markup`${keyField(visit)}${IDENTITY.map((it) => field(visit, { ...it, value: typed(it.name), faults, optional: true }))}${button(visit, status.correctSend)}`,
      )}`,
  }
}

const correct: Act = async (visit, filer, typed) => {
  const names = IDENTITY.map(({ name }) => name)
  const patch: IdentityPatch = Object.fromEntries(
    names.flatMap((name) => (typed(name).trim() === '' ? [] : [[name, typed(name)]])),
  )
  if (Object.keys(patch).length === 0)
    return correctionForm(visit, typed, [{ field: 'nik', text: visit.say(status.correctNothing) }])
  try {
    await visit.deps.services.requests.correct(requestOf(visit, filer, typed, names), patch)
    return ours(visit)
  } catch (error) {
    const faults = faultsOf(visit, error, (pointer) => pointer.replace('/identity/', ''))
    return correctionForm(visit, typed, faults)
  }
}

/** The faults of an error that tells them; throws any other. */
export function faultsOf({ say }: Visit, error: unknown, fieldOf: (pointer: string) => string): readonly Fault[] {
  if (!(error instanceof PulihError) || error.code !== 'VALIDATION_FAILED') throw error
  const errors = (error.extra['errors'] ?? []) as readonly { readonly pointer: string; readonly code: FieldCode }[]
  return errors.map(({ pointer, code }) => ({ field: fieldOf(pointer), text: say(messages[code]) }))
}

const channelOf = (text: string | null): Channel => (text === 'phone' ? 'phone' : 'email')

function contactForm(visit: Visit, channel: Channel, typed = '', faults: readonly Fault[] = []): Answer {
  const { say } = visit
  return {
    title: say(status.contactTitle),
    back: '/status/pengaduan',
    faults,
    body: markup`<p class="lead">${say(status.contactLead)}</p>
      ${form(
        visit,
        '/status/kontak',
        markup`${keyField(visit)}<input
            type="hidden"
            name="channel"
            value="${channel}"
          />${contactField(visit, channel, { name: 'address', value: typed, faults })}${button(visit, status.contactSend)}`,
      )}`,
  }
}

const changeContact: Act = async (visit, filer, typed) => {
  const channel = channelOf(typed('channel'))
  try {
    const request = requestOf(visit, filer, typed, ['channel', 'address'])
    await visit.deps.services.requests.changeContact(request, channel, typed('address'))
    return ours(visit)
  } catch (error) {
    return contactForm(
      visit,
      channel,
      typed('address'),
      faultsOf(visit, error, () => 'address'),
    )
  }
}

const prove: Act = async (visit, { ticketId }, typed) => {
  const { codes, tasks } = visit.deps.services
  const about = { ticketId, channel: channelOf(typed('channel')), purpose: 'prove' } as const
  if (typed('again') === 'ya') {
    const wait = await secondsUntil(() => codes.request({ ...about, device: visit.device() }))
    return wait === null
      ? ours(visit)
      : showStatus(visit, [{ field: `code-${about.channel}`, text: waitText(visit, wait) }])
  }
  const fault = await codeFault(visit, typed('code'), (code) => codes.verify({ ...about, code }))
  if (fault !== null) return showStatus(visit, [{ field: `code-${about.channel}`, text: fault }])
  tasks.wake()
  return ours(visit)
}

async function upload(visit: Visit, request: Visit['req']): Promise<Answer> {
  const { filer, deps } = visit
  if (filer === null) return { redirect: visit.to('/status') }
  await deps.limiter.takeFor('uploads', filer.ticketId)
  const fault = await uploadFault(visit, () => deps.services.documents.upload(filer.ticketId, filer.actor, request))
  if (request.accepts('html', 'json') === 'json')
    return {
      json: fault === null ? { ok: true, next: visit.to('/status/pengaduan') } : { ok: false, error: fault.text },
    }
  return fault === null ? ours(visit) : showStatus(visit, [fault])
}

/** Leaving ends the token too: what was open on a shared computer opens nothing any more (A21). */
const leave: Act = async (visit, { token }) => {
  await visit.deps.services.sessions.revoke(token)
  await forgetDraft(visit)
  visit.cookies.clear('status')
  return { title: visit.say(status.leftTitle), body: markup`<p class="lead">${visit.say(status.left)}</p>` }
}

export const actPages: readonly Page[] = [
  withdrawal,
  objection,
  {
    path: '/status/perbaikan',
    get: whileAllowed('correction.submit', (visit) => correctionForm(visit)),
    post: asFiler(correct),
  },
  {
    path: '/status/kontak',
    get: whileAllowed('contact.change', (visit) => contactForm(visit, channelOf(visit.query.get('kanal')))),
    post: asFiler(changeContact),
    counted: 'codes',
  },
  { path: '/status/buktikan', get: (visit) => ours(visit), post: asFiler(prove), counted: 'codes' },
  { path: '/status/dokumen', get: (visit) => ours(visit), upload, counted: 'uploads' },
  { path: '/status/keluar', get: (visit) => ours(visit), post: asFiler(leave) },
]
