import { PulihError } from '../../../engine/errors.js'
import { MACHINE_SIGNS } from '../../../intake/filing.js'
import { spokenPhone } from '../../../intake/phone.js'
import { documentText } from '../../../intake/timeline.js'
import { markup } from '../html.js'
import { button, form, summary } from '../parts.js'
import { progress } from '../steps.js'
import type { Answer, Fault, Form, Visit } from '../visit.js'
import { common } from '../words/common.js'
import { wizard } from '../words/wizard.js'
import { kept } from './documents.js'
import { symptomText, signText } from '../words/triage.js'
import { step, type Writing } from './writing.js'

/** Nobody reads and fills all these pages so fast (R-RISK-1). */
const FASTEST_MS = 10_000

const changeLink = (visit: Visit, path: string, what: string) =>
  markup`<a href="${visit.to(path)}">${visit.say(common.change)}<span class="unseen"> ${what}</span></a>`

async function show(writing: Writing, faults: readonly Fault[] = []): Promise<Answer> {
  const { visit, draft } = writing
  const { say } = visit
  const { identity, email = '', phone = '', claimRunning = false } = draft.answers
  const files = await kept(writing)
  const row = (label: Parameters<typeof say>[0], value: string, path: string) =>
    [say(label), value, changeLink(visit, path, say(label))] as const
  const proven = say(wizard.proven)
  const learned = learnedBy(writing)
  return {
    title: say(wizard.checkTitle),
    back: '/pengaduan/dokumen',
    faults,
    body: markup`${progress(visit, writing.step)}
      <p class="lead">${say(wizard.checkLead)}</p>
      <h2>${say(wizard.you)}</h2>
      ${summary([
        row(wizard.nik, spaced(identity?.nik ?? ''), '/pengaduan/identitas'),
        row(wizard.name, identity?.name ?? '', '/pengaduan/identitas'),
        row(wizard.birth, identity?.birthDate.split('-').toReversed().join('-') ?? '', '/pengaduan/identitas'),
        row(wizard.kpj, identity?.kpj ?? say(wizard.forgotten), '/pengaduan/identitas'),
        ...(learned === '' ? [] : [row(wizard.learned, learned, '/gagal-masuk')]),
        row(wizard.claimRow, say(claimRunning ? wizard.yes : wizard.no), '/pengaduan/identitas'),
      ])}
      <h2>${say(wizard.contacts)}</h2>
      ${summary([
        row(wizard.email, `${email} (${proven})`, '/pengaduan/email'),
        row(wizard.phone, `${spokenPhone(phone)} (${proven})`, '/pengaduan/hp'),
      ])}
      <h2>${say(wizard.documents)}</h2>
      ${summary([
        row(
          wizard.documents,
          files.map(({ kind }) => say(documentText(kind))).join(', ') || say(wizard.noDocuments),
          '/pengaduan/dokumen',
        ),
      ])}
      <p>${say(wizard.sendNote)}</p>
      ${form(
        visit,
        writing.step,
        markup`<input type="hidden" name="key" value="${draft.answers.key}" /><input
            type="hidden"
            name="version"
            value="${draft.version}"
          />${button(visit, wizard.send)}`,
      )}`,
  }
}
/** What the triage learned, in words; nobody sends what they cannot see. */
function learnedBy({ visit: { say }, draft }: Writing): string {
  const { symptoms = [], signs = [], appVersion } = draft.answers.diagnostics ?? {}
  const version = appVersion === undefined ? [] : [`JMO ${appVersion}`]
  return [...symptoms.map((it) => say(symptomText[it])), ...signs.map((it) => say(signText[it])), ...version].join('; ')
}
const spaced = (nik: string): string => nik.replaceAll(/(\d{4})(?=\d)/g, '$1 ')

/** Files what was shown, once, however often the button is pressed; what somebody changed elsewhere meanwhile is shown again first. */
async function send(writing: Writing, typed: Form): Promise<Answer> {
  const { visit, draft } = writing
  const { deps, cookies, drafts, say } = visit
  const { identity, email, phone, cause, diagnostics, claimRunning = false, key, participantRef } = draft.answers
  if (
    typed('version') !== String(draft.version) ||
    typed('key') !== key ||
    identity === undefined ||
    email === undefined ||
    phone === undefined
  )
    return show(writing, [{ field: null, text: say(wizard.changedElsewhere) }])
  const { ticketId } = draft
  const { answer } = await deps.services.filing.file(
    {
      identity,
      email,
      phone,
      ticket: {
        route: 'layanan_digital',
        category: 'kendala_akun_jmo',
        cause,
        ...(diagnostics === undefined ? {} : { diagnostics }),
        channel: 'portal',
        claimRunning,
        officeId: 'pusat',
      },
      device: visit.device(),
      signs: signsOf(writing),
      key,
      request: JSON.stringify({ identity, email, phone, cause, claimRunning, diagnostics }),
      reserved: { ticketId, participantRef },
    },
    (accepted, { token }) => Promise.resolve({ ticketNumber: accepted.ticketNumber, token }),
  )
  const { token } = answer
  if (typeof token !== 'string') throw new PulihError('INTERNAL', 'a filing without its token')
  await deps.services.documents.adopt(ticketId)
  cookies.set('status', token)
  await drafts.close(draft)
  return { redirect: visit.to('/pengaduan/terkirim') }
}

const signsOf = ({ visit, draft }: Writing): readonly string[] => [
  ...(draft.answers.trap === true ? [MACHINE_SIGNS.hiddenField] : []),
  ...(visit.deps.clock.now() - draft.createdAt < FASTEST_MS ? [MACHINE_SIGNS.tooFast] : []),
]

export const checkPage = step('/pengaduan/periksa', { show: (writing) => show(writing), take: send })
