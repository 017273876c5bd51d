import { markup, type Html } from '../html.js'
import { inset } from '../parts.js'
import { standingOf, type Standing } from '../standing.js'
import type { Answer, Page, Visit } from '../visit.js'
import { common } from '../words/common.js'
import { status } from '../words/status.js'

const NEXT = [status.next1, status.next2, status.next3, status.next4]

/** The promised dates, each with its reason (D1, D2). */
export const promiseList = ({ say }: Visit, { promises }: Standing): Html =>
  markup`<ul class="dates">
    ${promises.map(
      ({ label, due, why, outcome }) =>
        markup`<li>
          ${say(label)}
          <b>${say(due)}</b
          >${outcome === null ? null : markup` <span class="${outcome === 'breached' ? 'tag-due' : 'tag-done'}">${say(status[outcome])}</span>`}<span
            class="why"
            >${say(why)}</span
          >
        </li>`,
    )}
  </ul>`

export const printButton = ({ say }: Visit): Html =>
  markup`<button class="button quiet noprint" type="button" data-print hidden>${say(common.print)}</button>`

async function show(visit: Visit): Promise<Answer> {
  const { say, filer } = visit
  const standing = filer === null ? null : await standingOf(visit, filer.ticketId)
  if (standing === null) return { redirect: visit.to('/status') }
  await forgetDraft(visit)
  return {
    title: say(status.sentTitle),
    body: markup`<div class="panel">
        <p>${say(status.yourNumber)}</p>
        <p class="number">${standing.ticket.ticketNumber}</p>
      </div>
      <p>${say(status.numberHint)}</p>
      <section class="card">
        <h2>${say(status.whenTitle)}</h2>
        ${promiseList(visit, standing)}
      </section>
      ${standing.waiting ? inset('warn', markup`<p>${say(status.standing)}</p>`) : null}
      <h2>${say(status.nextTitle)}</h2>
      <ol>
        ${NEXT.map((it) => markup`<li>${say(it)}</li>`)}
      </ol>
      <div class="row">
        <a class="button main" href="${visit.to('/status/pengaduan')}">${say(status.watch)}</a>${printButton(visit)}
      </div>
      <p class="soft">${say(status.bookmark)}</p>`,
  }
}

/** The answer to the sending has arrived: from here on the status token alone opens the complaint, so that leaving closes it (A21). */
export async function forgetDraft({ draft, drafts, cookies }: Visit): Promise<void> {
  if (draft?.answers.sent !== true) return
  await drafts.remove(draft)
  cookies.clear('draft')
}

export const sentPage: Page = { path: '/pengaduan/terkirim', get: show }
