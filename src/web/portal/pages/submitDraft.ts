import { PulihError } from '../../../engine/errors.js'
import type { IdentityPatch } from '../../../intake/requests.js'
import { messages } from '../../../intake/messages.js'
import { PRIVACY_NOTICE } from '../../../intake/notice.js'
import { markup } from '../html.js'
import { button, faultFor, field, form, tick } from '../parts.js'
import type { Answer, Fault, Form, Page, Visit } from '../visit.js'
import { submitting } from '../words/submitting.js'
import { wizard } from '../words/wizard.js'
import { asFiler, faultsOf, IDENTITY, keyField, requestOf, type Act } from './acts.js'

const PATH = '/status/kirim'

/** What an officer typed is sent by its owner alone: the declaration is theirs to make (R62). What was typed is not shown again: who holds the key is not known yet. */
function show(visit: Visit, typed: Form = () => '', faults: readonly Fault[] = []): Answer {
  const { say } = visit
  const wrong = faults.some(({ field: name }) => IDENTITY.some((it) => it.name === name))
  const fields = markup`${IDENTITY.map((it) => field(visit, { ...it, value: typed(it.name), faults, optional: true }))}`
  const declared = { type: 'checkbox', value: 'ya', name: 'declaration', id: 'declaration' } as const
  return {
    title: say(submitting.title),
    back: '/status/pengaduan',
    faults,
    body: markup`<p class="lead">${say(submitting.lead)}</p>
      ${form(
        visit,
        PATH,
        markup`${keyField(visit)}
          ${wrong ? fields : markup`<details><summary>${say(submitting.correct)}</summary><div>${fields}</div></details>`}
          <details>
            <summary>${say(submitting.notice)}</summary>
            <div><p>${say(PRIVACY_NOTICE.text)}</p></div>
          </details>
          ${tick(visit, { ...declared, label: wizard.declaration, checked: typed('declaration') === 'ya', fault: faultFor(faults, 'declaration') })}
          ${button(visit, submitting.send)}`,
      )}`,
  }
}

const send: Act = async (visit, filer, typed) => {
  const { say, deps } = visit
  if (typed('declaration') !== 'ya')
    return show(visit, typed, [{ field: 'declaration', text: say(messages.declaration_missing) }])
  const names = IDENTITY.map(({ name }) => name)
  const patch: IdentityPatch = Object.fromEntries(
    names.flatMap((name) => (typed(name).trim() === '' ? [] : [[name, typed(name)]])),
  )
  const request = requestOf(visit, filer, typed, ['declaration', ...names])
  try {
    await deps.services.deciding.submitting.submitDraft(request, Object.keys(patch).length === 0 ? undefined : patch)
    return { redirect: visit.to('/status/pengaduan') }
  } catch (error) {
    if (error instanceof PulihError && error.code === 'PROOF_REQUIRED')
      return show(visit, typed, [{ field: null, text: say(submitting.unproven) }])
    return show(
      visit,
      typed,
      faultsOf(visit, error, (pointer) => pointer.replace('/identity/', '')),
    )
  }
}

export const submitDraftPages: readonly Page[] = [
  { path: PATH, get: asFiler((visit) => Promise.resolve(show(visit))), post: asFiler(send) },
]
