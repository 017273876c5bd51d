import { PRIVACY_NOTICE } from '../../../intake/notice.js'
import { markup } from '../html.js'
import { inset } from '../parts.js'
import { standingOf } from '../standing.js'
import type { Answer, Page, Visit } from '../visit.js'
import { common } from '../words/common.js'
import { branch } from '../words/status.js'
import { printButton } from './sent.js'

/** What to bring (R61), made from the complaint where this browser has one open. A way on from every dead end. */
async function show(visit: Visit): Promise<Answer> {
  const { say, filer, deps } = visit
  const standing = filer === null ? null : await standingOf(visit, filer.ticketId)
  const offices = deps.engine.reference.offices().filter(({ kind }) => kind === 'cabang')
  const bring = [
    ...(standing === null ? [] : [markup`${say(branch.number)} <b class="whole">${standing.ticket.ticketNumber}</b>`]),
    ...[branch.ktp, branch.card, branch.kpj, branch.phone, branch.email].map((it) => say(it)),
    ...(standing?.asked ?? []).map(({ label }) => say(branch.asked, { kind: say(label) })),
  ]
  const names = standing?.branchName == null ? offices.map(({ name }) => name) : [standing.branchName]
  return {
    title: say(branch.title),
    body: markup`<p class="lead">${say(branch.lead)}</p>
      <section class="card">
        <h2>${say(branch.bring)}</h2>
        <ul>
          ${bring.map((it) => markup`<li>${it}</li>`)}
        </ul>
      </section>
      <p>${say(branch.data)}</p>
      <h2>${say(branch.offices)}</h2>
      <ul>
        ${names.map((it) => markup`<li>${it}</li>`)}
      </ul>
      ${inset('warn', markup`<p>${say(branch.free)}</p>`)}
      <div class="row">${printButton(visit)}</div>`,
  }
}

const privacy = ({ say }: Visit): Answer => ({
  title: say(common.privacy),
  body: markup`<p class="lead">${say(PRIVACY_NOTICE.text)}</p>
    <p class="soft">${say(common.version, { version: PRIVACY_NOTICE.version })}</p>`,
})

export const branchPages: readonly Page[] = [
  { path: '/cabang', get: show },
  { path: '/privasi', get: privacy },
]
