import { PulihError } from '../../../engine/errors.js'
import { masked } from '../../../intake/masks.js'
import { documentText } from '../../../intake/timeline.js'
import { markup, nothing, type Html } from '../html.js'
import { button, form, inset, link, summary } from '../parts.js'
import { standingOf, type Standing } from '../standing.js'
import { pictureUrl } from '../pictures.js'
import type { Answer, Fault, Page, Visit } from '../visit.js'
import { common } from '../words/common.js'
import { status } from '../words/status.js'
import { submitting } from '../words/submitting.js'
import { wizard } from '../words/wizard.js'
import { codeForm } from './code.js'
import { uploadForm } from './files.js'
import { printButton, promiseList } from './sent.js'

export async function showStatus(visit: Visit, faults: readonly Fault[] = []): Promise<Answer> {
  const { say, filer } = visit
  const standing = filer === null ? null : await standingOf(visit, filer.ticketId)
  if (standing === null) return { redirect: visit.to('/status') }
  const { ticket, stateLabel, changes } = standing
  // The child of a merge says that it was merged and nothing of where to (D31).
  if (ticket.state === 'merged')
    return {
      title: say(status.title),
      body: markup`<p class="lead">${say(status.merged)}</p>
        ${leave(visit)}`,
    }
  const documents = await documentRows(visit, standing)
  return {
    title: say(status.title),
    faults,
    watch: '/status/perkembangan',
    live: '/status/langsung',
    version: ticket.revision,
    body: markup`<div role="status">
        <div id="news" hidden class="inset calm" data-fresh="${say(status.fresh)}">
          <p>${say(status.news)} <a href="${visit.to('/status/pengaduan')}">${say(status.reload)}</a></p>
        </div>
      </div>
      <div class="panel">
        <p>${say(status.number)}</p>
        <p class="number">${ticket.ticketNumber}</p>
        <p>${say(stateLabel)}</p>
        ${standing.holdUntil === null ? nothing : markup`<p>${say(status.holdUntil, { until: say(standing.holdUntil) })}</p>`}
      </div>
      ${decided(visit, standing)}
      <h2>${say(status.todo)}</h2>
      ${todoList(visit, standing, faults)}
      ${
        standing.promises.length === 0
          ? nothing
          : markup`<h2>${say(status.promises)}</h2>
              ${standing.waiting ? inset('warn', markup`<p>${say(status.standing)}</p>`) : nothing}
              <section class="card">${promiseList(visit, standing)}</section>`
      }
      ${
        changes.length === 0
          ? nothing
          : markup`<details>
              <summary>${say(status.changes)}</summary>
              <div>
                <ul>
                  ${changes.map(({ what, from, to, why }) => markup`<li>${say(status.changedTo, { what: say(what), from: say(from), to: say(to), why: say(why) })}</li>`)}
                </ul>
              </div>
            </details>`
      }
      ${noteList(visit, standing)}
      <h2>${say(status.timeline)}</h2>
      ${timeline(visit, standing)}
      <h2>${say(status.contacts)}</h2>
      ${contactRows(visit, standing)} ${documents}
      <h2>${say(status.other)}</h2>
      ${others(visit, standing)}`,
  }
}

/** Why it was decided so and what that means; then what is good to know. */
function decided({ say }: Visit, { reason, outcome, advice }: Standing): Html {
  const told = [reason, outcome].filter((it) => it !== null)
  return markup`${told.length === 0 ? nothing : inset('warn', markup`${told.map((it) => markup`<p>${say(it)}</p>`)}`)}${advice.map((it) => inset('calm', markup`<p>${say(it)}</p>`))}`
}

/** What the filer has to do now, each with the means to do it here. */
function todoList(
  visit: Visit,
  { todo, asked, contacts, ticket, replyUntil }: Standing,
  faults: readonly Fault[],
): Html {
  const { say } = visit
  if (todo.length === 0) return markup`<p>${say(ticket.standing === 'terminal' ? status.over : status.nothingToDo)}</p>`
  const means = (code: string): Html => {
    const channel = code === 'prove_email' ? 'email' : code === 'prove_phone' ? 'phone' : null
    if (channel !== null) {
      const contact = contacts.find((it) => it.channel === channel)
      const hidden = markup`<input type="hidden" name="channel" value="${channel}" />`
      return markup`<p>${contact === undefined ? '' : masked(channel, contact.address)}</p>
        ${codeForm(visit, '/status/buktikan', faults, hidden, wizard.prove, `code-${channel}`)}
        ${form(visit, '/status/buktikan', markup`${hidden}${button(visit, wizard.resend, 'quiet', 'again', 'ya')}`)}`
    }
    if (code === 'upload_documents')
      return markup`${asked.map(
        ({ kind, label, reason }) =>
          markup`<p>${say(status.asked, { kind: say(label), reason: say(reason) })}</p>
            ${uploadForm(visit, '/status/dokumen', kind)}`,
      )}`
    if (code === 'submit_draft') return markup`<p>${link(visit, '/status/kirim', submitting.title)}</p>`
    if (code === 'correct') return markup`<p>${link(visit, '/status/perbaikan', status.correctTitle)}</p>`
    if (code === 'sign_in') return nothing
    if (code === 'file_again') return markup`<p>${link(visit, '/status/buka-kembali', status.reopen)}</p>`
    return markup`<p>${link(visit, '/cabang', common.helpBranch)}</p>`
  }
  const last =
    replyUntil === null ? nothing : inset('warn', markup`<p>${say(status.replyUntil, { until: say(replyUntil) })}</p>`)
  return markup`${last}<ul class="todo">
    ${todo.map(
      ({ code, text }) =>
        markup`<li>
          <div class="tagged">
            <h3>${say(text)}</h3>
            <span class="tag-due">${say(status.due)}</span>
          </div>
          ${means(code)}
        </li>`,
    )}
  </ul>`
}

const AHEAD: Readonly<Record<string, readonly (keyof typeof status)[]>> = {
  early: ['aheadReview', 'aheadDecision', 'aheadHold', 'aheadUpdated'],
  underVerification: ['aheadDecision', 'aheadHold', 'aheadUpdated'],
  approvalProposed: ['aheadDecision', 'aheadHold', 'aheadUpdated'],
  onHold: ['aheadHold', 'aheadUpdated'],
  frozen: ['aheadObjection', 'aheadHold', 'aheadUpdated'],
  applying: ['aheadUpdated'],
}

/** Text that officers typed: it is shown as they typed it, and nothing in it is a link. */
function noteList({ say }: Visit, { notes }: Standing): Html {
  if (notes.length === 0) return nothing
  return markup`<h2>${say(status.notes)}</h2>
    <ul>
      ${notes.map(({ at, text }) => markup`<li>${text} <time>${say(at)}</time></li>`)}
    </ul>`
}

function timeline({ say }: Visit, { ticket, told }: Standing): Html {
  const ahead = ticket.standing === 'terminal' ? [] : (AHEAD[ticket.state] ?? AHEAD['early'] ?? [])
  return markup`<ol class="time">
    ${told.map(({ at, text }) => markup`<li>${say(text)}<time>${say(at)}</time></li>`)}${ahead.map(
      (key) => markup`<li class="ahead">${say(status[key])}<time>${say(status.ahead)}</time></li>`,
    )}
  </ol>`
}

function contactRows(visit: Visit, { contacts, allowed }: Standing): Html {
  const { say } = visit
  const rows = contacts.map(
    ({ channel, address, proven }) =>
      [
        say(channel === 'email' ? status.emailRow : status.phoneRow),
        markup`${masked(channel, address)}
          <span class="${proven ? 'tag-done' : 'tag-due'}">${say(proven ? wizard.proven : status.unproven)}</span>`,
        allowed.has('contact.change')
          ? markup`<a href="${visit.to(`/status/kontak?kanal=${channel}`)}"
              >${say(common.change)}<span class="unseen">
                ${say(channel === 'email' ? status.emailRow : status.phoneRow)}</span
              ></a
            >`
          : null,
      ] as const,
  )
  return summary(rows)
}

async function documentRows(visit: Visit, { documents }: Standing): Promise<Html> {
  const { say } = visit
  const shown = documents.filter(({ state }) => state !== 'erased')
  if (shown.length === 0) return nothing
  const states = {
    accepted: status.docAccepted,
    pending: status.docPending,
    refused: status.docRefused,
    erased: status.docRefused,
  }
  const rows = await Promise.all(
    shown.map(async (it) => {
      const accepted = it.state === 'accepted'
      return [
        say(documentText(it.kind)),
        markup`${it.name ?? ''}
          <span class="${accepted ? 'tag-done' : 'tag-due'}">${say(states[it.state])}</span
          >${accepted ? await thumbs(visit, it) : nothing}`,
      ] as const
    }),
  )
  return markup`<h2>${say(status.documents)}</h2>
    ${summary(rows)}`
}

/** From the other origin, drawn anew by us: the picture as it came is shown to nobody. */
async function thumbs(visit: Visit, it: { id: string; kind: string; pages: number }): Promise<Html> {
  const { say } = visit
  const label = say(documentText(it.kind))
  const pages = Array.from({ length: it.pages }, (_, at) => at + 1)
  const urls = await Promise.all(pages.map((page) => pictureUrl(visit, { documentId: it.id, page })))
  const pictures = urls.flatMap((url, at) => {
    const alt = say(status.pageOf, { n: at + 1, kind: label })
    return url === null ? [] : [markup`<img src="${url}" alt="${alt}" width="144" height="96" loading="lazy">`]
  })
  return pictures.length === 0 ? nothing : markup`<div class="thumbs">${pictures}</div>`
}

const ACTS = [
  ['withdraw', '/status/tarik', status.withdraw],
  ['objection.raise', '/status/bukan-saya', status.object],
  ['reopen', '/status/buka-kembali', status.reopen],
] as const

function others(visit: Visit, { allowed }: Standing): Html {
  const acts = ACTS.filter(([event]) => allowed.has(event))
  return markup`<ul>
      ${acts.map(([, path, label]) => markup`<li>${link(visit, path, label)}</li>`)}
      <li>${link(visit, '/cabang', common.helpBranch)}</li>
    </ul>
    <div class="row">${printButton(visit)}${leave(visit)}</div>`
}
const leave = (visit: Visit): Html => form(visit, '/status/keluar', button(visit, status.leave, 'quiet'))

/** A number that changes with every step: what a page that waits asks for. Says nothing else. */
async function news({ filer, deps }: Visit): Promise<Answer> {
  const ticket = filer === null ? null : await deps.store.findTicket(filer.ticketId)
  return { json: { version: ticket?.revision ?? null } }
}

/** Tells at once that something changed, and nothing else: then the page asks for itself. Ends with the token. */
function live({ filer, deps, req }: Visit): Answer {
  if (filer === null) throw new PulihError('UNAUTHENTICATED', 'no status token')
  if (req.method === 'HEAD') return { json: null }
  const { ticketId, token } = filer
  const lastEventId = req.get('last-event-id') ?? null
  const look = async () =>
    (await deps.services.sessions.open(token)) === ticketId ? ({ kind: 'ticket', ticketId } as const) : null
  return { stream: deps.services.live.open({ key: `filer ${ticketId}`, lastEventId, look }) }
}

export const statusPages: readonly Page[] = [
  { path: '/status/pengaduan', get: (visit) => showStatus(visit) },
  { path: '/status/perkembangan', get: news },
  { path: '/status/langsung', get: live },
]
