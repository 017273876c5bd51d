import { escapeHtml } from '../escapeHtml.js'
import { FOOTER, type Facts, type Template } from './templates/index.js'

export interface Rendered {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** A template's mail: Indonesian first, English below; the HTML part says what the text part says. */
export function renderMail(template: Template, facts: Facts): Rendered {
  const body = template.body(facts)
  const id = [...body.id.filter((it) => it !== null), ...FOOTER.id]
  const en = [...body.en.filter((it) => it !== null), ...FOOTER.en]
  const { subject } = template
  return {
    subject: facts.ticketNumber === '' ? subject.id : `${subject.id} (${facts.ticketNumber})`,
    text: [...id, '---', subject.en, ...en].join('\n\n') + '\n',
    html: page(subject.id, [section('id', subject.id, id), section('en', subject.en, en)].join('\n<hr>\n')),
  }
}

/** Null for a template that is never an SMS. */
export const renderSms = (template: Template, facts: Facts): string | null => template.sms?.(facts) ?? null

const section = (language: string, heading: string, paragraphs: readonly string[]): string =>
  `<section lang="${language}">\n<h1>${escapeHtml(heading)}</h1>\n${paragraphs.map((it) => `<p>${escapeHtml(it)}</p>`).join('\n')}\n</section>`

const page = (title: string, content: string): string =>
  `<!doctype html>\n<html lang="id"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n<body>\n${content}\n</body></html>\n`
