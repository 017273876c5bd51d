import type { Label, TicketType } from '../ticketType.js'
import { PROMISE_CONDITIONS } from './words.js'

/** True at all times: a condition that nobody needs to be told. */
const ALWAYS = 'always'

/**
 * A condition of the chart (`released and not objectionOpen`) as a sentence in both languages; null: it always holds. Guards without words of
 * their own are told by what people hear when they refuse.
 */
export function conditionWords(type: TicketType, guard: string): Label | null {
  if (guard === '' || guard === ALWAYS) return null
  const either = guard.split(' or ').map((part) => part.split(' and ').map((name) => wordsOf(type, name)))
  const inLanguage = (language: keyof Label, and: string, or: string) =>
    either.map((part) => part.map((it) => it[language]).join(and)).join(or)
  return { id: inLanguage('id', ', dan ', ', atau '), en: inLanguage('en', ', and ', ', or ') }
}

/** `not:` as in the refusals. */
const keyOf = (name: string): string => name.replace(/^not /, 'not:')

function wordsOf(type: TicketType, name: string): Label {
  const key = keyOf(name)
  const own = type.conditions?.[key] ?? PROMISE_CONDITIONS[key]
  if (own !== undefined) return own
  const refusal = type.refusals[key]
  return refusal === undefined
    ? { id: key, en: key }
    : { id: `tidak berlaku: “${refusal.id}”`, en: `this is not so: “${refusal.en}”` }
}
