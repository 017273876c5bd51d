import { markup } from '../html.js'
import { contactField } from '../contactField.js'
import { button, field, form } from '../parts.js'
import type { Answer, Fault, Form, Page, Visit } from '../visit.js'
import { status } from '../words/status.js'
import { submitting } from '../words/submitting.js'
import { asFiler, faultsOf, IDENTITY, keyField, requestOf, whileAllowed, type Act } from './acts.js'

const PATH = '/status/buka-kembali'
const CHANNELS = ['email', 'phone'] as const
const NAMES = IDENTITY.map(({ name }) => name)

/** "Perbaiki dan ajukan ulang" (R05): what was entered is kept; only what was wrong is typed again. */
function show(visit: Visit, toCorrect: boolean, typed: Form = () => '', faults: readonly Fault[] = []): Answer {
  const { say } = visit
  return {
    title: say(status.reopen),
    back: '/status/pengaduan',
    faults,
    body: markup`<p class="lead">${say(status.reopenText)}</p>
      ${form(
        visit,
        PATH,
        markup`${keyField(visit)}
          <details${toCorrect ? markup` open=""` : null}>
            <summary>${say(submitting.correct)}</summary>
            <div>
              <p>${say(status.correctLead)}</p>
              ${IDENTITY.map((it) => field(visit, { ...it, value: typed(it.name), faults, optional: true }))}
              ${CHANNELS.map((it) => contactField(visit, it, { name: it, value: typed(it), faults, optional: true }))}
            </div>
          </details>
          ${button(visit, status.reopen)}`,
      )}`,
  }
}

const reopen: Act = async (visit, filer, typed) => {
  const given = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (typed(name).trim() === '' ? [] : [[name, typed(name)]])))
  const request = requestOf(visit, filer, typed, [...NAMES, ...CHANNELS])
  try {
    const correction = { ...given(CHANNELS), identity: given(NAMES) }
    await visit.deps.services.deciding.submitting.resubmit(request, correction)
    return { redirect: visit.to('/status/pengaduan') }
  } catch (error) {
    return show(
      visit,
      true,
      typed,
      faultsOf(visit, error, (pointer) => pointer.split('/').at(-1) ?? ''),
    )
  }
}

export const reopenPages: readonly Page[] = [
  {
    path: PATH,
    get: whileAllowed('reopen', (visit, { state }) => show(visit, state === 'rejected')),
    post: asFiler(reopen),
    counted: 'codes',
  },
]
