import { dayInJakarta } from '../../../intake/birthDate.js'
import { identityChecks } from '../../../intake/fields.js'
import { messages } from '../../../intake/messages.js'
import { PRIVACY_NOTICE } from '../../../intake/notice.js'
import { markup } from '../html.js'
import { button, faultFor, field, form, tick } from '../parts.js'
import { progress } from '../steps.js'
import type { Answer, Fault, Form } from '../visit.js'
import { common } from '../words/common.js'
import { wizard } from '../words/wizard.js'
import { before, onward, step, type Writing } from './writing.js'

/** What was typed, or else what is kept: identities are typed once (WCAG 3.3.7). */
function shown({ draft }: Writing, form: Form | null): Form {
  if (form !== null) return form
  const { identity, claimRunning = false } = draft.answers
  const kept: Readonly<Record<string, string>> =
    identity === undefined
      ? {}
      : {
          nik: identity.nik,
          name: identity.name,
          birthDate: identity.birthDate.split('-').toReversed().join('-'),
          kpj: identity.kpj ?? '',
          forgotKpj: identity.kpj === null ? 'ya' : '',
          declaration: 'ya',
          claim: claimRunning ? 'ya' : '',
        }
  return (name) => kept[name] ?? ''
}

function show(writing: Writing, typed: Form | null = null, faults: readonly Fault[] = []): Answer {
  const { visit } = writing
  const { say } = visit
  const value = shown(writing, typed)
  const boxes = { type: 'checkbox', value: 'ya' } as const
  return {
    title: say(wizard.identityTitle),
    back: before(writing),
    faults,
    body: markup`${progress(visit, writing.step)}
      <p class="lead">${say(wizard.identityLead)}</p>
      ${form(
        visit,
        writing.step,
        markup`${field(visit, { name: 'nik', label: wizard.nik, hint: wizard.nikHint, value: value('nik'), faults, inputmode: 'numeric', width: 16 })}
          ${field(visit, { name: 'name', label: wizard.name, hint: wizard.nameHint, value: value('name'), faults, autocomplete: 'name', width: 40 })}
          ${field(visit, { name: 'birthDate', label: wizard.birth, hint: wizard.birthHint, value: value('birthDate'), faults, autocomplete: 'bday', inputmode: 'text', width: 11 })}
          ${field(visit, { name: 'kpj', label: wizard.kpj, hint: wizard.kpjHint, value: value('kpj'), faults, inputmode: 'numeric', width: 16 })}
          <div class="field">
            ${tick(visit, { ...boxes, name: 'forgotKpj', id: 'forgotKpj', label: wizard.kpjForgot, hint: wizard.kpjForgotHint, checked: value('forgotKpj') === 'ya' })}
            ${tick(visit, { ...boxes, name: 'claim', id: 'claim', label: wizard.claim, hint: wizard.claimHint, checked: value('claim') === 'ya' })}
          </div>
          <details>
            <summary>${say(wizard.noticeTitle)}</summary>
            <div><p>${say(PRIVACY_NOTICE.text)}</p></div>
          </details>
          <div class="field">
            ${tick(visit, { ...boxes, name: 'declaration', id: 'declaration', label: wizard.declaration, checked: value('declaration') === 'ya', fault: faultFor(faults, 'declaration') })}
          </div>
          <div class="trap" aria-hidden="true">
            <label for="website">Website</label><input id="website" name="website" tabindex="-1" autocomplete="off" />
          </div>
          ${button(visit, common.next)}`,
      )}`,
  }
}

/** Every fault at once, as the API tells them (docs/intake.md). */
async function take(writing: Writing, typed: Form): Promise<Answer> {
  const { visit, draft } = writing
  const { say, deps, drafts } = visit
  const forgot = typed('forgotKpj') === 'ya'
  const kpj = forgot ? null : typed('kpj')
  const text = { name: typed('name'), nik: typed('nik'), birthDate: typed('birthDate'), kpj }
  const checks = identityChecks(text, dayInJakarta(deps.clock.now()))
  const {
    '/identity/nik': nik,
    '/identity/name': name,
    '/identity/birthDate': birthDate,
    '/identity/kpj': card,
  } = checks
  const named = [
    ['nik', nik],
    ['name', name],
    ['birthDate', birthDate],
    ['kpj', card],
  ] as const
  const faults: Fault[] = named.flatMap(([at, it]) => (it.ok ? [] : [{ field: at, text: say(messages[it.code]) }]))
  if (card.ok && card.value === null && !forgot) faults.push({ field: 'kpj', text: say(wizard.kpjEither) })
  if (typed('declaration') !== 'ya') faults.push({ field: 'declaration', text: say(messages.declaration_missing) })
  if (faults.length > 0 || !nik.ok || !name.ok || !birthDate.ok || !card.ok) return show(writing, typed, faults)
  const identity = { nik: nik.value, name: name.value, birthDate: birthDate.value, kpj: card.value }
  const trap = typed('website') !== ''
  const saved = await drafts.save(draft, { identity, claimRunning: typed('claim') === 'ya', ...(trap && { trap }) })
  return onward(writing, saved)
}

export const identityPage = step('/pengaduan/identitas', { show: (writing) => show(writing), take })
