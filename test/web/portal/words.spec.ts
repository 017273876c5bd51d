import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { advice } from '../../../src/web/portal/triage/advice.js'
import { common } from '../../../src/web/portal/words/common.js'
import { ANSWERS, faq } from '../../../src/web/portal/words/faq.js'
import { files } from '../../../src/web/portal/words/files.js'
import { objection } from '../../../src/web/portal/words/objection.js'
import { start } from '../../../src/web/portal/words/start.js'
import { branch, dates, status } from '../../../src/web/portal/words/status.js'
import { submitting } from '../../../src/web/portal/words/submitting.js'
import { signText, symptomText, triage } from '../../../src/web/portal/words/triage.js'
import { wizard } from '../../../src/web/portal/words/wizard.js'

interface Label {
  readonly id: string
  readonly en: string
}
const isLabel = (value: unknown): value is Label =>
  typeof value === 'object' && value !== null && 'id' in value && 'en' in value && typeof value.en === 'string'
const labelsIn = (value: unknown): Label[] =>
  isLabel(value) ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(labelsIn) : []

const ALL = labelsIn([
  common,
  start,
  wizard,
  files,
  status,
  dates,
  branch,
  triage,
  symptomText,
  signText,
  advice,
  faq,
  ANSWERS,
  objection,
  submitting,
])
const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([it]) => it).toSorted()

it('every text is there in both languages, with the same places to fill', () => {
  expect(ALL.length).toBeGreaterThan(200)
  for (const { id, en } of ALL) {
    expect(id.trim(), en).not.toBe('')
    expect(en.trim(), id).not.toBe('')
    expect(places(en), id).toEqual(places(id))
  }
})

it('Indonesian is formal, never blames, and sentences are short enough to be read once', () => {
  for (const { id } of ALL) {
    expect(id).not.toMatch(/\b(kamu|kau|lu|gue|data anda salah)\b/i)
    expect(id).not.toMatch(/\banda\b/)
    for (const sentence of id.split(/(?<=[.;:?!])\s/))
      expect(sentence.split(/\s+/).length, sentence).toBeLessThanOrEqual(26)
  }
})

it('no English is left in Indonesian, and no code of ours in either', () => {
  const english =
    /\b(the|your|please|file|upload|download|click|submit|error|loading|login|password|username|e-mail|reload|link)\b/i
  for (const { id, en } of ALL) {
    // "File terlalu besar" is how it is said; names of the app's own buttons are quoted.
    expect(id.replaceAll(/“[^”]*”|^File terlalu besar/g, ''), id).not.toMatch(english)
    expect(`${id} ${en}`).not.toMatch(/\b[A-Z]{2,}_[A-Z]{2,}|\b[RDAY]\d{2}\b/)
  }
})

it('Y33 fifteen questions, each answered with the rule that enforces it and where the rule stands', () => {
  const all = [...ANSWERS.recovery, ...ANSWERS.card]
  expect([ANSWERS.recovery.length, ANSWERS.card.length]).toEqual([8, 7])
  expect(new Set(all.map(({ id }) => id)).size).toBe(15)
  for (const { rule, enforcedBy, question } of all) {
    expect(rule).toMatch(/^R\d{2}$/)
    expect(question.id).toMatch(/\?$/)
    expect(enforcedBy.id).toMatch(/\.$/)
  }
})

it('pages hold no words of their own: what is read comes from the catalogue', () => {
  const folder = new URL('../../../src/web/portal/', import.meta.url)
  const files = ['', 'pages/'].flatMap((below) =>
    readdirSync(new URL(below, folder)).flatMap((name) => (name.endsWith('.ts') ? [`${below}${name}`] : [])),
  )
  let seen = 0
  const visit = (name: string, node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'markup') {
      seen++
      expect(readIn(node.template), `${name}: ${node.getText().slice(0, 80)}`).toEqual([])
    }
    ts.forEachChild(node, (child) => visit(name, child))
  }
  for (const name of files) {
    const source = readFileSync(new URL(name, folder), 'utf8')
    visit(name, ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true))
  }
  expect(seen).toBeGreaterThan(80)
})

/** Words between the tags of a template; the trap for machines is read by nobody. */
function readIn(template: ts.TemplateLiteral): readonly string[] {
  const pieces = ts.isNoSubstitutionTemplateLiteral(template)
    ? [template.text]
    : [template.head.text, ...template.templateSpans.map((it) => it.literal.text)]
  const text = pieces
    .join('\u0001')
    .replaceAll(/<!doctype html>|<[^>]*>/g, ' ')
    .replaceAll(/[\w-]+="[^"]*"/g, ' ')
  return [...text.matchAll(/[A-Za-z]{3,}/g)].map(([it]) => it).filter((it) => !['checked', 'Website'].includes(it))
}
