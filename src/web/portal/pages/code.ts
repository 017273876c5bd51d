import { PulihError } from '../../../engine/errors.js'
import type { Label } from '../../../machines/ticketType.js'
import { markup, type Html, type Part } from '../html.js'
import { button, field, form } from '../parts.js'
import type { Fault, Visit } from '../visit.js'
import { wizard } from '../words/wizard.js'

/** What is said of a code that opens nothing. */
const FAULTS: Readonly<Record<string, Label>> = {
  CODE_INVALID: wizard.codeInvalid,
  CODE_EXPIRED: wizard.codeExpired,
  CODE_USED: wizard.codeUsed,
  CODE_TRIES_EXCEEDED: wizard.codeTries,
  LIMITER_UNAVAILABLE: wizard.codeTrouble,
}

/** Tries a code; what is wrong with it, or null. Digits may be spaced as in the message. An empty box costs no try. */
export async function codeFault(
  { say }: Pick<Visit, 'say'>,
  typed: string,
  attempt: (code: string) => Promise<unknown>,
): Promise<string | null> {
  const code = typed.replaceAll(/[\s.-]/g, '')
  if (code === '') return say(wizard.codeMissing)
  try {
    await attempt(code.slice(0, 32))
    return null
  } catch (error) {
    const label = error instanceof PulihError ? FAULTS[error.code] : undefined
    if (label === undefined) throw error
    return say(label)
  }
}

/** The box for a code; phones fill it in by themselves. `id`: where a page has more than one. */
export const codeForm = (
  visit: Visit,
  path: string,
  faults: readonly Fault[],
  more: Part = null,
  label = wizard.prove as Label,
  id = 'code',
): Html =>
  form(
    visit,
    path,
    markup`${more}${field(visit, {
      name: 'code',
      id,
      label: wizard.code,
      hint: wizard.codeHint,
      faults,
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      width: 6,
    })}${button(visit, label)}`,
  )

/** Asks for a code; seconds until another may be asked for, or null when one is on its way. */
export async function secondsUntil(request: () => Promise<unknown>): Promise<number | null> {
  try {
    await request()
    return null
  } catch (error) {
    if (!(error instanceof PulihError) || error.code !== 'TOO_MANY_REQUESTS') throw error
    const { retryAfter } = error.extra
    return typeof retryAfter === 'number' ? retryAfter : 60
  }
}

/** When another code may be asked for. */
export function waitText({ say }: Pick<Visit, 'say'>, seconds: number): string {
  const bounded = Math.min(Math.max(Math.ceil(seconds), 1), 86_400)
  const wait =
    bounded < 120
      ? say(wizard.seconds, { n: bounded })
      : bounded < 7_200
        ? say(wizard.minutes, { n: Math.ceil(bounded / 60) })
        : say(wizard.hours, { n: Math.ceil(bounded / 3_600) })
  return say(wizard.codeWait, { wait })
}
