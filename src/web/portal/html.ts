import { escapeHtml } from '../../escapeHtml.js'

/** Markup that is safe to send. Made by `markup` alone, which escapes whatever else is put into it (A36). */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}
export type Part = Html | string | number | boolean | null | undefined | readonly Part[]

/** A piece of a page. Text that comes in is text, in elements and in quoted attributes; `null`, `undefined` and booleans are nothing. */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((text, at) => text + (at < parts.length ? textOf(parts[at]) : '')).join(''))

export const nothing = new Html('')

function textOf(part: Part): string {
  if (part instanceof Html) return part.text
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(part)
  if (typeof part === 'object' && part !== null) return part.map(textOf).join('')
  return ''
}
