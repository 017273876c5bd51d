import { PulihError } from '../../../engine/errors.js'
import { isTicketNumber } from '../../../engine/ids.js'
import { masked } from '../../../intake/masks.js'
import { markup, nothing } from '../html.js'
import { button, choices, field, form, inset, link } from '../parts.js'
import type { Answer, Fault, Form, Page, Visit } from '../visit.js'
import { common } from '../words/common.js'
import { status } from '../words/status.js'
import { submitting } from '../words/submitting.js'
import { wizard } from '../words/wizard.js'
import { codeForm } from './code.js'

const CHANNELS = [
  { value: 'email', label: status.byEmail },
  { value: 'phone', label: status.byPhone },
]

/** Without a link: the number, and a code to a contact that was proven (A20). The form for a link's token is empty until JavaScript fills it. */
function ask(visit: Visit, typed: Form = () => '', faults: readonly Fault[] = []): Answer {
  const { say, filer, query } = visit
  return {
    title: say(status.enterTitle),
    faults,
    // No redirect, which would carry a link's token along in the address, past the form that takes it in.
    body: markup`${filer === null ? nothing : inset('calm', markup`<p>${say(status.already)} ${link(visit, '/status/pengaduan', status.watch)}</p>`)}${query.get('tautan') === 'mati' ? inset('warn', markup`<p>${say(status.linkDead)}</p>`) : nothing}
      <p class="lead">${say(status.enterLead)}</p>
      ${form(
        visit,
        '/status',
        markup`${field(visit, { name: 'number', label: status.number, hint: status.numberExample, value: typed('number'), faults, width: 20 })}
        ${choices(visit, { name: 'channel', legend: status.channel, options: CHANNELS, value: typed('channel'), faults })}
        ${button(visit, status.askCode)}`,
      )}
      <details>
        <summary>${say(status.noContact)}</summary>
        <div><p>${link(visit, '/cabang', common.helpBranch)}</p></div>
      </details>
      <details>
        <summary>${say(submitting.haveKey)}</summary>
        <div>
          ${form(
            visit,
            '/status/tautan',
            markup`${field(visit, { name: 'token', label: submitting.key, hint: submitting.keyHint, faults: [], width: 40 })}${button(visit, submitting.open)}`,
          )}
        </div>
      </details>
      <form method="post" action="${visit.to('/status/tautan')}" data-token hidden>
        <input type="hidden" name="csrf" value="${visit.csrf}" /><input type="hidden" name="token" value="" /><button>
          ${say(status.linkOpen)}
        </button>
      </form>`,
  }
}

const channelOf = (typed: Form): 'email' | 'phone' | null => {
  const channel = typed('channel')
  return channel === 'email' || channel === 'phone' ? channel : null
}
const numberOf = (typed: Form): string => typed('number').trim().toUpperCase()

/** The next page is the same whether or not there is such a complaint. */
async function request(visit: Visit, typed: Form): Promise<Answer> {
  const { say } = visit
  const number = numberOf(typed)
  const channel = channelOf(typed)
  const faults = [
    ...(isTicketNumber(number) ? [] : [{ field: 'number', text: say(status.numberWrong) }]),
    ...(channel === null ? [{ field: 'channel', text: say(status.chooseChannel) }] : []),
  ]
  if (faults.length > 0 || channel === null) return ask(visit, typed, faults)
  const accessId = await visit.deps.services.access.request({ ticketNumber: number, channel, device: visit.device() })
  return code(visit, typed, [], accessId)
}

function code(visit: Visit, typed: Form, faults: readonly Fault[] = [], accessId = typed('accessId')): Answer {
  const { say } = visit
  const carried = markup`<input type="hidden" name="number" value="${numberOf(typed)}" /><input
      type="hidden"
      name="channel"
      value="${channelOf(typed) ?? ''}"
    /><input type="hidden" name="accessId" value="${accessId}" />`
  return {
    title: say(status.codeTitle),
    back: '/status',
    faults,
    body: markup`<p class="lead">${say(status.codeLead)}</p>
      ${codeForm(visit, '/status/kode', faults, carried, status.open)}
      <details>
        <summary>${say(wizard.noCode)}</summary>
        <div>
          <p>${say(status.fewCodes)}</p>
          ${form(visit, '/status', markup`${carried}${button(visit, status.again, 'quiet')}`)}
          <p>${link(visit, '/cabang', common.helpBranch)}</p>
        </div>
      </details>`,
  }
}

async function verify(visit: Visit, typed: Form): Promise<Answer> {
  const { say, deps, cookies } = visit
  const channel = channelOf(typed)
  if (channel === null) return { redirect: visit.to('/status') }
  const digits = typed('code').replaceAll(/[\s.-]/g, '')
  if (digits === '') return code(visit, typed, [{ field: 'code', text: say(wizard.codeMissing) }])
  try {
    const { token } = await deps.services.access.verify({
      ...{ ticketNumber: numberOf(typed), channel },
      ...{ accessId: typed('accessId').slice(0, 64), code: digits.slice(0, 32) },
    })
    cookies.set('status', token)
    return { redirect: visit.to('/status/pengaduan') }
  } catch (error) {
    if (!(error instanceof PulihError) || error.code !== 'CODE_INVALID') throw error
    return code(visit, typed, [{ field: 'code', text: say(status.accessWrong) }])
  }
}

/**
 * A token from a mailed link. It comes in a body and goes into a cookie: no address, log or history holds it (A21). First it says whose
 * complaint it opens: a link that a stranger sent would else have people put their documents into the stranger's complaint.
 */
async function fromLink(visit: Visit, typed: Form): Promise<Answer> {
  const { say, deps, cookies, filer } = visit
  const token = typed('token').trim()
  const ticketId = await deps.services.sessions.open(token)
  const ticket = ticketId === null ? null : await deps.store.findTicket(ticketId)
  if (ticket === null) return { redirect: `${visit.to('/status')}?tautan=mati` }
  if (typed('open') === 'ya' || filer?.ticketId === ticket.id) {
    cookies.set('status', token)
    return { redirect: visit.to('/status/pengaduan') }
  }
  const contacts = await deps.services.people.contactsOf(ticket.id)
  return {
    title: say(status.linkTitle, { number: ticket.ticketNumber }),
    body: markup`<p class="lead">${say(status.linkLead)}</p>
      <ul>
        ${contacts.map(({ channel, address }) => markup`<li>${masked(channel, address)}</li>`)}
      </ul>
      ${inset('warn', markup`<p>${say(status.linkForeign)}</p>`)}
      ${form(
        visit,
        '/status/tautan',
        markup`<input type="hidden" name="token" value="${token}" />${button(visit, status.linkMine, 'main', 'open', 'ya')}`,
      )}`,
  }
}

/** Only asking for a code is counted over everybody: strangers must not use up what owners need to come in. */
export const enterPages: readonly Page[] = [
  { path: '/status', get: (visit) => ask(visit), post: request, counted: 'access' },
  { path: '/status/kode', get: (visit) => ({ redirect: visit.to('/status') }), post: verify, counted: 'codes' },
  { path: '/status/tautan', get: (visit) => ({ redirect: visit.to('/status') }), post: fromLink, counted: 'codes' },
]
