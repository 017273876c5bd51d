import { documentText } from '../../../intake/timeline.js'
import { markup, nothing } from '../html.js'
import { button, form } from '../parts.js'
import { progress } from '../steps.js'
import type { Answer, Fault, Form, Visit } from '../visit.js'
import { common } from '../words/common.js'
import { wizard } from '../words/wizard.js'
import { uploadFault, uploadForm } from './files.js'
import { before, onward, step, type Writing } from './writing.js'

/** R19: what is worth having from the start; officers ask for the rest one by one, with a reason (D10). */
const OFFERED = ['KTP', 'KARTU_BPJSTK', 'SLIP_GAJI'] as const

export const kept = async ({ visit, draft }: Pick<Writing, 'visit' | 'draft'>) =>
  (await visit.deps.services.documents.of(draft.ticketId)).filter(
    ({ state }) => state === 'pending' || state === 'accepted',
  )

async function show(writing: Writing, faults: readonly Fault[] = []): Promise<Answer> {
  const { visit } = writing
  const { say } = visit
  const files = await kept(writing)
  const card = (kind: (typeof OFFERED)[number]) => {
    const mine = files.filter((it) => it.kind === kind)
    const name = say(documentText(kind))
    const fault = faults.find((it) => it.field === `berkas-${kind.toLowerCase()}`)
    const tag =
      mine.length > 0
        ? markup`<span class="tag-done">${say(wizard.uploaded)}</span>`
        : markup`<span class="tag-due">${say(kind === 'KTP' ? wizard.recommended : wizard.optionalTag)}</span>`
    return markup`<section class="card">
      <div class="tagged">
        <h2>${name}</h2>
        ${tag}
      </div>
      ${fault === undefined ? nothing : markup`<p class="fault">${fault.text}</p>`}
      ${mine.map((it) => markup`<div class="row"><span>${it.name ?? name}</span>${form(visit, writing.step, markup`<input type="hidden" name="remove" value="${it.id}" />${button(visit, { id: say(wizard.removeFile, { kind: name }), en: say(wizard.removeFile, { kind: name }) }, 'quiet')}`)}</div>`)}
      ${mine.length > 0 ? nothing : uploadForm(visit, writing.step, kind)}
    </section>`
  }
  return {
    title: say(wizard.documentsTitle),
    back: before(writing),
    faults,
    body: markup`${progress(visit, writing.step)}
      <p class="lead">${say(wizard.documentsLead)}</p>
      <p>${say(wizard.documentsRules)}</p>
      ${OFFERED.map(card)}
      <div class="row">
        ${form(visit, writing.step, markup`<input type="hidden" name="on" value="ya" data-after-files />${button(visit, files.length === 0 ? wizard.withoutDocuments : common.next)}`)}
      </div>`,
  }
}

async function take(writing: Writing, typed: Form): Promise<Answer> {
  const { visit, draft } = writing
  if (typed('remove') !== '') {
    await visit.deps.services.documents.discardEarly(draft.ticketId, typed('remove'))
    return { redirect: visit.to(writing.step) }
  }
  return onward(writing, await visit.drafts.save(draft, { documentsDone: true }))
}

async function upload(writing: Writing, request: Visit['req']): Promise<Answer> {
  const { visit, draft } = writing
  const { limiter, services } = visit.deps
  const { documents } = services
  await limiter.takeFor('uploads', draft.ticketId)
  const fault = await uploadFault(visit, () =>
    documents.uploadEarly(draft.ticketId, draft.answers.participantRef, request),
  )
  if (request.accepts('html', 'json') === 'json')
    return { json: fault === null ? { ok: true, next: visit.to(writing.step) } : { ok: false, error: fault.text } }
  return fault === null ? { redirect: visit.to(writing.step) } : show(writing, [fault])
}

export const documentsPage = step('/pengaduan/dokumen', { show: (writing) => show(writing), take, upload }, 'uploads')
