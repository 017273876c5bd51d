import { checkBirthDate } from '../../../intake/birthDate.js'
import { APP_VERSION, type Diagnostics } from '../../../machines/pengaduan/diagnostics.js'
import { spokenIn } from '../../../messages/dates.js'
import { markup, nothing, type Html } from '../html.js'
import { button, choices, field, form, inset, link, tick } from '../parts.js'
import { termsOf } from '../terms.js'
import { isSymptom, rank, symptomsOf, waitUntil, type Ranked } from '../triage/rank.js'
import { CAUSES, SIGNS, SYMPTOMS } from '../triage/table.js'
import type { Answer, Fault, Form, Page, Visit } from '../visit.js'
import { common } from '../words/common.js'
import { signText, symptomText, triage } from '../words/triage.js'
import { beginDraft } from './begin.js'

const HOME_ZONE = 'Asia/Jakarta'

function ask(visit: Visit, typed: Form = () => '', faults: readonly Fault[] = []): Answer {
  const { say } = visit
  const picks = SYMPTOMS.map((value) => ({ value, label: symptomText[value] }))
  const signs = SIGNS.map((name) =>
    tick(visit, {
      type: 'checkbox',
      name,
      id: name,
      value: 'ya',
      label: signText[name],
      checked: typed(name) === 'ya',
    }),
  )
  return {
    title: say(triage.title),
    faults,
    body: markup`<p class="lead">${say(triage.lead)}</p>${form(
      visit,
      '/gagal-masuk',
      markup`${field(visit, { name: 'message', label: triage.text, hint: triage.textHint, value: typed('message'), faults, width: 40, optional: true })}
${choices(visit, { name: 'symptom', legend: triage.pick, options: picks, value: typed('symptom'), faults })}
<fieldset class="field"><legend>${say(triage.signs)}</legend>${signs}</fieldset>
${field(visit, { name: 'version', label: triage.version, hint: triage.versionHint, value: typed('version'), faults, inputmode: 'text', width: 11, optional: true })}
${field(visit, { name: 'registered', label: triage.registered, hint: triage.registeredHint, value: typed('registered'), faults, inputmode: 'text', width: 11, optional: true })}
${button(visit, triage.find)}`,
    )}`,
  }
}

/** Causes in their order, each with what to do now. The message is read and forgotten; its symptoms go along to a complaint (R29b). */
function result(visit: Visit, typed: Form): Answer {
  const { say, deps } = visit
  const picked = typed('symptom')
  const signs = SIGNS.filter((it) => typed(it) === 'ya')
  if (typed('message').trim() === '' && !isSymptom(picked) && signs.length === 0)
    return ask(visit, typed, [{ field: 'message', text: say(triage.nothing) }])
  const version = typed('version').trim()
  if (version !== '' && !APP_VERSION.test(version))
    return ask(visit, typed, [{ field: 'version', text: say(triage.versionForm) }])
  const said = { text: typed('message'), picked: isSymptom(picked) ? picked : null }
  const ranked = rank({ ...said, signs })
  const [first] = ranked
  const lost = signs.includes('email_hilang') && signs.includes('hp_hilang')
  const learned = { symptoms: symptomsOf(said).join(' '), signs: signs.join(' '), version }
  const carried = Object.entries(learned).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`,
  )
  if (first !== undefined) deps.triage?.(first.cause.id, first.cause.way === 'branch' ? 'branch' : 'advised')
  return {
    title: say(triage.resultTitle),
    back: '/gagal-masuk',
    body: markup`<p class="lead">${say(triage.resultLead)}</p>
<ol class="todo">${ranked.map((it) => cause(visit, it, registeredOn(typed)))}</ol>
<div class="row">${form(visit, '/gagal-masuk/selesai', markup`<input type="hidden" name="cause" value="${first?.cause.id ?? ''}">${button(visit, triage.solved)}`)}
${form(visit, '/gagal-masuk/ajukan', markup`<input type="hidden" name="cause" value="${lost ? 'EMAIL_DAN_HP_HILANG' : ticketCause(ranked)}">${carried}${button(visit, waits(ranked) ? triage.fileLater : triage.file, 'quiet')}`)}</div>
<p>${link(visit, '/gagal-masuk', triage.again)}</p>`,
  }
}

/** What the page of causes carried along; whatever is no code of ours is left behind. */
function learnedIn(typed: Form): Diagnostics {
  const known = <T extends string>(codes: readonly T[], field: string) => {
    const told = typed(field).split(' ')
    return codes.filter((it) => told.includes(it)).toSorted((a, b) => told.indexOf(a) - told.indexOf(b))
  }
  const version = typed('version')
  return {
    symptoms: known(SYMPTOMS, 'symptoms'),
    signs: known(SIGNS, 'signs'),
    ...(APP_VERSION.test(version) ? { appVersion: version } : {}),
  }
}

const waits = ([first]: readonly Ranked[]): boolean => first?.cause.way === 'wait'
/** The first cause that a ticket knows; a wait that did not help is about a locked account. */
const ticketCause = (ranked: readonly Ranked[]): string =>
  ranked.find(({ cause }) => cause.ticket !== null)?.cause.ticket ?? 'AKUN_TERKUNCI'

function registeredOn(typed: Form): number | null {
  const checked = checkBirthDate(typed('registered'), '2100-01-01')
  return checked.ok ? Date.parse(`${checked.value}T00:00:00+07:00`) : null
}

function cause(visit: Visit, { cause: it }: Ranked, registered: number | null): Html {
  const { say, deps } = visit
  const terms = termsOf(deps.engine)
  const until = waitUntil(it, deps.clock.now(), registered, terms)
  const wait =
    it.way !== 'wait'
      ? nothing
      : inset(
          'warn',
          markup`<p>${until === null ? say(triage.waitOver) : say(triage.waitUntil, { until: say(spokenIn(until, HOME_ZONE)) })}</p>`,
        )
  const branch = it.way === 'branch' || (it.way === 'wait' && until === null)
  return markup`<li><h2>${say(it.title)}</h2><ul>${it.advice.map((line) => markup`<li>${say(line, terms)}</li>`)}</ul>${wait}${
    branch ? markup`<p>${link(visit, '/cabang', common.helpBranch)}</p>` : nothing
  }</li>`
}

const solved = (visit: Visit, typed: Form): Answer => {
  const { id } = CAUSES.find((it) => it.id === typed('cause')) ?? {}
  if (id !== undefined) visit.deps.triage?.(id, 'deflected')
  return { redirect: visit.to('/pengaduan/selesai-sendiri') }
}

export const triagePages: readonly Page[] = [
  { path: '/gagal-masuk', get: (visit) => ask(visit), post: result },
  { path: '/gagal-masuk/selesai', post: solved },
  {
    path: '/gagal-masuk/ajukan',
    post: (visit, typed) => beginDraft(visit, typed('cause'), learnedIn(typed)),
    counted: 'filing',
  },
]
