import { markup } from '../html.js'
import { promisesAt } from '../dates.js'
import { button, choices, form, inset, link } from '../parts.js'
import type { Answer, Fault, Form, Page, Visit } from '../visit.js'
import { common } from '../words/common.js'
import { start } from '../words/start.js'
import { nextStep } from '../steps.js'
import { beginDraft } from './begin.js'

const NEEDS = [start.needKtp, start.needBirth, start.needContacts, start.needKpj, start.needMore]
const SAFE = [start.safeFree, start.safeBroker, start.safeOwner, start.safeBalance]

async function first(visit: Visit): Promise<Answer> {
  const { say, deps } = visit
  const promised = promisesAt(deps.engine, deps.clock.now())
  return {
    title: say(start.title),
    body: markup`<p class="lead">${say(start.lead)}</p>
      ${visit.query.get('isian') === 'berakhir' && visit.draft === null ? inset('warn', markup`<p>${say(start.ended)}</p>`) : null}${await unsent(visit)}
      <div class="pair">
        <section class="card">
          <h2>${say(start.need)}</h2>
          <ul>
            ${NEEDS.map((it) => markup`<li>${say(it)}</li>`)}
          </ul>
        </section>
        <section class="card">
          <h2>${say(start.safe)}</h2>
          <ul>
            ${SAFE.map((it) => markup`<li>${say(it)}</li>`)}
          </ul>
        </section>
      </div>
      <section class="card">
        <h2>${say(start.when)}</h2>
        <p>${say(start.whenIf)}</p>
        <ul class="dates">
          ${promised.map(
            ({ target, due, why }) =>
              markup`<li>
                ${say(target === 'firstReview' ? start.firstReview : start.resolution)} <b>${say(due)}</b
                ><span class="why">${say(why)}</span>
              </li>`,
          )}
        </ul>
        <p class="soft">${say(start.minutes)}</p>
      </section>
      <p class="row"><a class="button main" href="${visit.to('/pengaduan/akses')}">${say(start.begin)}</a></p>
      <p>${say(start.triageHint)} ${link(visit, '/gagal-masuk', start.triageLink)}</p>`,
  }
}

/** What was begun in this browser and never sent. */
async function unsent(visit: Visit) {
  const { draft, deps, say } = visit
  if (draft === null || draft.answers.sent === true) return null
  const step = nextStep(draft, await deps.services.people.contactsOf(draft.ticketId))
  const way = markup`<h2>${say(start.resumeTitle)}</h2>
    <div class="row">
      <a class="button main" href="${visit.to(step)}">${say(start.resume)}</a
      >${form(visit, '/pengaduan/hapus', button(visit, start.discard, 'quiet'))}
    </div>`
  return inset('calm', way)
}

const APP = [
  { value: 'tidak', label: start.appNo },
  { value: 'ya', label: start.appYes },
]
const HELD = [
  { value: 'tidak-ada', label: start.heldNone },
  { value: 'email', label: start.heldEmail },
  { value: 'hp', label: start.heldPhone },
  { value: 'keduanya', label: start.heldBoth },
]

function access(visit: Visit, values: Form = () => '', faults: readonly Fault[] = []): Answer {
  const { say } = visit
  return {
    title: say(start.accessTitle),
    back: '/pengaduan',
    faults,
    body: markup`<p class="lead">${say(start.accessHint)}</p>
      ${form(
        visit,
        '/pengaduan/akses',
        markup`${choices(visit, { name: 'aplikasi', legend: start.app, options: APP, value: values('aplikasi'), faults })}
        ${choices(visit, { name: 'kontak', legend: start.held, options: HELD, value: values('kontak'), faults })}
        ${button(visit, common.next)}`,
      )}`,
  }
}

/** What is still held decides: a reset by oneself takes minutes, a complaint takes days (R02, R29d). */
async function choose(visit: Visit, values: Form): Promise<Answer> {
  const { say } = visit
  const knows = (options: readonly { value: string }[], name: string) => options.some((it) => it.value === values(name))
  const faults = [
    ...(knows(APP, 'aplikasi') ? [] : [{ field: 'aplikasi', text: say(start.chooseApp) }]),
    ...(knows(HELD, 'kontak') ? [] : [{ field: 'kontak', text: say(start.chooseHeld) }]),
  ]
  if (faults.length > 0) return access(visit, values, faults)
  const held = values('kontak')
  if (held !== 'tidak-ada') return { redirect: visit.to(`/pengaduan/mandiri?kontak=${held}`) }
  return beginDraft(visit, 'EMAIL_DAN_HP_HILANG')
}

const CAUSE: Readonly<Record<string, string>> = {
  email: 'HP_GANTI',
  hp: 'EMAIL_TIDAK_AKTIF',
  keduanya: 'AKUN_TERKUNCI',
}
const byMail = [start.selfApp1, start.selfEmail2, start.selfEmail3, start.selfLast]
const byPhone = [start.selfApp1, start.selfPhone2, start.selfPhone3, start.selfLast]

/** The quick way, and always a way past it. */
function alone(visit: Visit): Answer {
  const { say, query } = visit
  const held = query.get('kontak') ?? 'email'
  const known = Object.hasOwn(CAUSE, held) ? held : 'email'
  visit.deps.triage?.(CAUSE[known] ?? '', 'advised')
  const hidden = markup`<input type="hidden" name="kontak" value="${known}" />`
  return {
    title: say(start.selfTitle),
    back: '/pengaduan/akses',
    body: markup`<p class="lead">${say(start.selfLead)}</p>
      <ol class="card">
        ${(known === 'hp' ? byPhone : byMail).map((it) => markup`<li>${say(it)}</li>`)}
      </ol>
      <div class="row">
        ${form(visit, '/pengaduan/mandiri', markup`${hidden}${button(visit, start.selfDone, 'main', 'hasil', 'berhasil')} ${button(visit, start.selfFailed, 'quiet', 'hasil', 'gagal')}`, 'row')}
      </div>
      <p>${link(visit, '/cabang', common.helpBranch)}</p>`,
  }
}

async function afterAlone(visit: Visit, values: Form): Promise<Answer> {
  const cause = CAUSE[values('kontak')] ?? 'EMAIL_DAN_HP_HILANG'
  if (values('hasil') !== 'berhasil') return beginDraft(visit, cause)
  visit.deps.triage?.(cause, 'deflected')
  return { redirect: visit.to('/pengaduan/selesai-sendiri') }
}

const solved = (visit: Visit): Answer => ({
  title: visit.say(start.doneTitle),
  body: markup`<p class="lead">${visit.say(start.doneText)}</p>`,
})

async function discard(visit: Visit): Promise<Answer> {
  if (visit.draft !== null) await visit.drafts.remove(visit.draft)
  visit.cookies.clear('draft')
  return { redirect: visit.to('/pengaduan') }
}

export const startPages: readonly Page[] = [
  { path: '/pengaduan', get: first },
  { path: '/pengaduan/akses', get: (visit) => access(visit), post: choose, counted: 'filing' },
  { path: '/pengaduan/mandiri', get: alone, post: afterAlone, counted: 'filing' },
  { path: '/pengaduan/selesai-sendiri', get: solved },
  { path: '/pengaduan/hapus', post: discard },
]
