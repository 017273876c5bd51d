import type { Label } from '../../machines/ticketType.js'
import { markup, nothing, type Html, type Part } from './html.js'
import type { Fault, Visit } from './visit.js'
import { common } from './words/common.js'

type Say = Pick<Visit, 'say'>

export interface FieldOptions {
  readonly name: string
  /** Where a page has several of one name; its faults are those of the id. */
  readonly id?: string
  readonly label: Label
  readonly hint?: Label
  readonly value?: string
  readonly faults: readonly Fault[]
  readonly type?: 'text' | 'email' | 'tel'
  readonly inputmode?: 'numeric' | 'email' | 'tel' | 'text'
  readonly autocomplete?: string
  /** Characters that the answer is about; the box is that wide. */
  readonly width?: 6 | 11 | 16 | 20 | 40
  readonly optional?: boolean
}

const faultOf = (faults: readonly Fault[], field: string): string | null =>
  faults.find((it) => it.field === field)?.text ?? null

/** The error at a field, tied to it by its id. */
const faultLine = ({ say }: Say, field: string, fault: string | null): Html =>
  fault === null
    ? nothing
    : markup`<p class="fault" id="${field}-fault"><span class="unseen">${say(common.errorPrefix)}</span>${fault}</p>`

/** Ids of what describes a control: its hint, its fault. */
function describedBy(name: string, hint: boolean, fault: boolean): Html {
  const ids = [...(hint ? [`${name}-hint`] : []), ...(fault ? [`${name}-fault`] : [])].join(' ')
  return ids === '' ? nothing : markup` aria-describedby="${ids}"`
}

/** One question that is answered by typing. Checked when it is sent, never while somebody types. */
export function field(visit: Say, it: FieldOptions): Html {
  const { say } = visit
  const { name, id = name, hint, value = '', type = 'text', inputmode, autocomplete = 'off', width = 20 } = it
  const fault = faultOf(it.faults, id)
  return markup`<div class="field${fault === null ? '' : ' wrong'}">
    <label for="${id}"
      >${say(it.label)}${it.optional === true ? markup` <span class="soft">${say(common.optional)}</span>` : nothing}</label
    >
    ${hint === undefined ? nothing : markup`<p class="hint" id="${id}-hint">${say(hint)}</p>`}${faultLine(visit, id, fault)}
    <input
      class="w${width}"
      id="${id}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="${autocomplete}"
      ${
        inputmode === undefined ? nothing : markup` inputmode="${inputmode}"`
      }${fault === null ? nothing : markup` aria-invalid="true"`}${describedBy(id, hint !== undefined, fault !== null)}
      spellcheck="false"
    />
  </div>`
}

export interface Choice {
  readonly value: string
  readonly label: Label
  readonly hint?: Label
}

/** One question with answers to choose from. */
export function choices(
  visit: Say,
  it: { name: string; legend: Label; options: readonly Choice[]; value: string; faults: readonly Fault[] },
): Html {
  const { say } = visit
  const { name, legend, options, value } = it
  const fault = faultOf(it.faults, name)
  return markup`<fieldset class="field${fault === null ? '' : ' wrong'}" ${describedBy(name, false, fault !== null)}>
    <legend>${say(legend)}</legend>
    ${faultLine(visit, name, fault)}
    ${options.map((option, at) => tick(visit, { ...option, type: 'radio', name, id: at === 0 ? name : `${name}-${at}`, checked: option.value === value }))}
  </fieldset>`
}

/** One box to tick, or one answer of several. */
export function tick(
  { say }: Say,
  it: Choice & { type: 'radio' | 'checkbox'; name: string; id: string; checked: boolean; fault?: string | null },
): Html {
  const { type, name, id, value, label, hint, checked, fault = null } = it
  const input = markup`<input
    type="${type}"
    id="${id}"
    name="${name}"
    value="${value}"
    ${checked ? markup` checked` : nothing}${
      fault === null ? nothing : markup` aria-invalid="true"`
    }${describedBy(id, hint !== undefined, fault !== null)}
  />`
  return markup`<div class="tick${fault === null ? '' : ' wrong'}">
    ${fault === null ? nothing : faultLine({ say }, id, fault)}${input}<label for="${id}">${say(label)}</label>${
      hint === undefined ? nothing : markup`<p class="hint" id="${id}-hint">${say(hint)}</p>`
    }
  </div>`
}

export const faultFor = faultOf

/** A form of this session; posts to `path`, or to where it stands. */
export const form = (visit: Visit, path: string, content: Part, kind = ''): Html =>
  markup`<form method="post" action="${visit.to(path)}" novalidate${kind === '' ? nothing : markup` class="${kind}"`}>
    <input type="hidden" name="csrf" value="${visit.csrf}" />${content}
  </form>`

export const button = (
  { say }: Say,
  label: Label,
  kind: 'main' | 'quiet' | 'warn' = 'main',
  name = '',
  value = '',
): Html =>
  markup`<button class="button ${kind}" ${name === '' ? nothing : markup` name="${name}" value="${value}"`}>
    ${say(label)}
  </button>`

export const link = (visit: Visit, path: string, label: Label, kind = ''): Html =>
  markup`<a href="${visit.to(path)}" ${kind === '' ? nothing : markup` class="${kind}"`}>${visit.say(label)}</a>`

/** Something to notice, beside the flow of the page. */
export const inset = (kind: 'calm' | 'warn' | 'good', content: Part): Html =>
  markup`<div class="inset ${kind}">${content}</div>`

/** Rows of what is known; `more` stands at the end of a row, such as a link to change it. */
export const summary = (rows: readonly (readonly [term: string, value: Part, more?: Part])[]): Html =>
  markup`<dl class="rows">
    ${rows.map(
      ([term, value, more]) =>
        markup`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
          ${more === undefined ? nothing : markup`<dd class="more">${more}</dd>`}
        </div>`,
    )}
  </dl>`

/** The list of what has to be put right; takes the focus where JavaScript runs, and is the first thing of the page anyway. */
export const errorSummary = ({ say }: Say, faults: readonly Fault[]): Html =>
  faults.length === 0
    ? nothing
    : markup`<div class="errors" role="alert" tabindex="-1" id="errors" autofocus>
        <h2>${say(common.errorSummary)}</h2>
        <ul>
          ${faults.map(({ field: name, text }) => markup`<li>${name === null ? text : markup`<a href="#${name}">${text}</a>`}</li>`)}
        </ul>
      </div>`
