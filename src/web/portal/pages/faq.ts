import { markup, nothing, type Html } from '../html.js'
import { link } from '../parts.js'
import type { Answer, Page, Visit } from '../visit.js'
import { termsOf } from '../terms.js'
import { ANSWERS, faq, type Answered } from '../words/faq.js'

/** The number of the rule is for whoever checks the page; the rule itself is said. */
const entry = (visit: Visit, it: Answered): Html => {
  const { say } = visit
  const { id, question, rule, enforcedBy, link: to } = it
  const terms = termsOf(visit.deps.engine)
  const answer = terms.reopenDays > 0 ? it.answer : (it.answerForGood ?? it.answer)
  return markup`<details id="${id}"><summary>${say(question)}</summary><div><p>${say(answer, terms)}</p>
<p class="rule" data-rule="${rule}">${say(faq.rule, { how: say(enforcedBy) })}</p>${to === undefined ? nothing : markup`<p>${link(visit, to.path, to.label)}</p>`}</div></details>`
}

const show = (visit: Visit): Answer => {
  const { say } = visit
  return {
    title: say(faq.title),
    body: markup`<p class="lead">${say(faq.lead)}</p>
<section class="faq"><h2>${say(faq.recovery)}</h2>${ANSWERS.recovery.map((it) => entry(visit, it))}</section>
<section class="faq"><h2>${say(faq.card)}</h2>${ANSWERS.card.map((it) => entry(visit, it))}</section>`,
  }
}

export const faqPage: Page = { path: '/tanya-jawab', get: show }
