import type { Channel } from '../../../../db/intake/people.js'
import { isRoleAddress } from '../../../intake/email.js'
import { messages } from '../../../intake/messages.js'
import { checkPhone, spokenPhone } from '../../../intake/phone.js'
import { contactField } from '../contactField.js'
import { markup, nothing } from '../html.js'
import { button, form, inset, link } from '../parts.js'
import { contactIn, progress, type Step } from '../steps.js'
import type { Answer, Fault, Form, Page } from '../visit.js'
import { wizard } from '../words/wizard.js'
import { codeFault, codeForm, secondsUntil, waitText } from './code.js'
import { before, onward, step, type Writing } from './writing.js'

interface Way {
  readonly channel: Channel
  readonly path: Step
  readonly codePath: Step
}
const WAYS = {
  email: { channel: 'email', path: '/pengaduan/email', codePath: '/pengaduan/email/kode' },
  phone: { channel: 'phone', path: '/pengaduan/hp', codePath: '/pengaduan/hp/kode' },
} as const satisfies Readonly<Record<Channel, Way>>

function ask(
  { channel, path }: Way,
  writing: Writing,
  typed: string | null = null,
  faults: readonly Fault[] = [],
): Answer {
  const { visit, draft } = writing
  const { say } = visit
  const isEmail = channel === 'email'
  const value = typed ?? spokenPhone(draft.answers[channel] ?? '')
  return {
    title: say(isEmail ? wizard.emailTitle : wizard.phoneTitle),
    back: before(writing),
    faults,
    body: markup`${progress(visit, path)}
      <p class="lead">${say(isEmail ? wizard.emailLead : wizard.phoneLead)}</p>
      ${form(
        visit,
        path,
        markup`${contactField(visit, channel, { name: channel, value, faults })}${button(visit, wizard.sendCode)}`,
      )}`,
  }
}

/** Another address than before is unproven, whatever was proven earlier (R-OTP-6). */
async function answer(way: Way, writing: Writing, typed: Form): Promise<Answer> {
  const { visit, draft } = writing
  const { services } = visit.deps
  const text = typed(way.channel)
  const checked = way.channel === 'email' ? await services.emailDomains.check(text) : checkPhone(text)
  if (!checked.ok) return ask(way, writing, text, [{ field: way.channel, text: visit.say(messages[checked.code]) }])
  const isNew = await services.people.reserve(draft.ticketId, way.channel, checked.value)
  const saved = await visit.drafts.save(draft, { [way.channel]: checked.value })
  if (isNew) {
    const wait = await send(way, writing)
    if (wait !== null) return { redirect: `${visit.to(way.codePath)}?tunggu=${wait}` }
  }
  return onward(writing, saved)
}

/** Seconds until another code may be asked for; null when one is on its way. */
function send({ channel }: Way, { visit, draft }: Writing): Promise<number | null> {
  return secondsUntil(() =>
    visit.deps.services.codes.request({
      ...{ ticketId: draft.ticketId, channel, purpose: 'prove' },
      device: visit.device(),
      ...(draft.answers.identity === undefined ? {} : { nik: draft.answers.identity.nik }),
    }),
  )
}

function askCode(way: Way, writing: Writing, faults: readonly Fault[] = []): Answer {
  const { visit, contacts, draft } = writing
  const { say, query } = visit
  const isEmail = way.channel === 'email'
  const wait = Number(query.get('tunggu') ?? '')
  const role = isEmail && isRoleAddress(draft.answers.email ?? '')
  const contact = contactIn(contacts, way.channel)
  return {
    title: say(isEmail ? wizard.codeEmailTitle : wizard.codePhoneTitle),
    back: way.path,
    faults,
    body: markup`${progress(visit, way.codePath)}
      ${wait > 0 ? inset('warn', markup`<p>${waitText(visit, wait)}</p>`) : nothing}
      ${query.get('kirim') === 'ya' ? inset('calm', markup`<p>${say(wizard.codeSent)}</p>`) : nothing}
      <p class="lead">${say(wizard.codeLead, { address: spokenPhone(contact?.address ?? '') })}</p>
      ${role ? inset('warn', markup`<p>${say(wizard.emailRole)}</p>`) : nothing} ${codeForm(visit, way.codePath, faults)}
      <details>
        <summary>${say(wizard.noCode)}</summary>
        <div>
          <p>${say(isEmail ? wizard.noCodeSpam : wizard.noCodeSms)}</p>
          <div class="row">${form(visit, way.codePath, button(visit, wizard.resend, 'quiet', 'again', 'ya'))}</div>
          <p>${link(visit, way.path, isEmail ? wizard.changeEmail : wizard.changePhone)}</p>
        </div>
      </details>`,
  }
}

async function tryCode(way: Way, writing: Writing, typed: Form): Promise<Answer> {
  const { visit, draft, contacts } = writing
  if (contactIn(contacts, way.channel)?.proven === true) return onward(writing, draft)
  if (typed('again') === 'ya') {
    const wait = await send(way, writing)
    return { redirect: `${visit.to(way.codePath)}?${wait === null ? 'kirim=ya' : `tunggu=${wait}`}` }
  }
  const fault = await codeFault(visit, typed('code'), (code) =>
    visit.deps.services.codes.verify({ ticketId: draft.ticketId, channel: way.channel, purpose: 'prove', code }),
  )
  if (fault !== null) return askCode(way, writing, [{ field: 'code', text: fault }])
  return onward(writing, draft)
}

const pagesOf = (way: Way): readonly Page[] => [
  step(
    way.path,
    { show: (writing) => ask(way, writing), take: (writing, typed) => answer(way, writing, typed) },
    'codes',
  ),
  step(
    way.codePath,
    {
      show: (writing) =>
        contactIn(writing.contacts, way.channel)?.proven === true
          ? onward(writing, writing.draft)
          : askCode(way, writing),
      take: (writing, typed) => tryCode(way, writing, typed),
    },
    'codes',
  ),
]
export const contactPages: readonly Page[] = [...pagesOf(WAYS.email), ...pagesOf(WAYS.phone)]
