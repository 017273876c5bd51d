import type { Contact } from '../../../privacy/index.js'
import type { Draft } from '../drafts.js'
import { nextStep, STEPS, type Step } from '../steps.js'
import type { Answer, Form, Page, Visit } from '../visit.js'

/** A visit to a complaint that is being written. */
export interface Writing {
  readonly visit: Visit
  readonly draft: Draft
  readonly contacts: readonly Contact[]
  readonly step: Step
}
interface Pages {
  readonly show: (writing: Writing) => Promise<Answer> | Answer
  readonly take?: (writing: Writing, form: Form) => Promise<Answer>
  readonly upload?: (writing: Writing, request: Visit['req']) => Promise<Answer>
}

/**
 * A page of the complaint: opens for whoever has a draft whose earlier pages are answered, and sends everybody else where they can go on.
 * What was sent already leads to its confirmation, however one came back to the page.
 */
export function step(path: Step, { show, take, upload }: Pages, counted?: Page['counted']): Page {
  const opened = async (visit: Visit, then: (writing: Writing) => Promise<Answer> | Answer): Promise<Answer> => {
    const { draft, deps } = visit
    if (draft === null) return { redirect: visit.to(visit.filer === null ? '/pengaduan' : '/pengaduan/terkirim') }
    if (draft.answers.sent === true || (await wasFiled(visit, draft))) return confirmed(visit, draft)
    const contacts = await deps.services.people.contactsOf(draft.ticketId)
    const first = nextStep(draft, contacts)
    if (STEPS.indexOf(path) > STEPS.indexOf(first)) return { redirect: visit.to(first) }
    return then({ visit, draft, contacts, step: path })
  }
  return {
    path,
    get: (visit) => opened(visit, show),
    ...(take === undefined ? {} : { post: (visit, form) => opened(visit, (writing) => take(writing, form)) }),
    ...(upload === undefined
      ? {}
      : { upload: (visit, request) => opened(visit, (writing) => upload(writing, request)) }),
    ...(counted === undefined ? {} : { counted }),
    ended,
  }
}

/** Where an answer leads whose draft is gone: to the confirmation of what was sent, perhaps from another tab, or to the start, which says why. */
const ended = (visit: Visit): Answer => ({
  redirect: visit.to(visit.filer === null ? '/pengaduan?isian=berakhir' : '/pengaduan/terkirim'),
})

/** Cut off between filing and answering: whoever holds the draft is the filer. */
const wasFiled = async ({ deps }: Visit, { ticketId }: Draft): Promise<boolean> =>
  (await deps.store.findTicketHead(ticketId)) !== null

async function confirmed(visit: Visit, draft: Draft): Promise<Answer> {
  const { filer, cookies, deps, drafts } = visit
  if (filer?.ticketId !== draft.ticketId)
    cookies.set('status', (await deps.services.sessions.issue(draft.ticketId)).token)
  if (draft.answers.sent !== true) {
    await deps.services.documents.adopt(draft.ticketId)
    await drafts.close(draft)
  }
  return { redirect: visit.to('/pengaduan/terkirim') }
}

/** On to the first page that is not answered. */
export async function onward({ visit }: Writing, draft: Draft): Promise<Answer> {
  const contacts = await visit.deps.services.people.contactsOf(draft.ticketId)
  return { redirect: visit.to(nextStep(draft, contacts)) }
}

/** The page before this one, or the summary for whoever came from there. */
export const before = ({ step: at, draft, contacts }: Writing): string => {
  if (nextStep(draft, contacts) === '/pengaduan/periksa' && at !== '/pengaduan/periksa') return '/pengaduan/periksa'
  const at0 = STEPS.indexOf(at)
  const earlier = STEPS.slice(0, at0).filter((it) => at.endsWith('/kode') || !it.endsWith('/kode'))
  return earlier.at(-1) ?? '/pengaduan/akses'
}
