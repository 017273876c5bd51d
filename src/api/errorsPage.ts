import { ERROR_CODES, type ErrorCode } from '../engine/errors.js'
import { problemType } from './problems.js'
import { PROBLEM_TEXTS } from './problemTexts.js'

const HEAD = `# Error codes

Every refusal is an RFC 9457 problem document (\`application/problem+json\`) with a stable \`code\`. Its \`type\` is the address below: a
name, not a page to fetch. Title and detail come in Indonesian or English by \`Accept-Language\`. Nothing of the request is repeated.
This page is made from \`ERROR_CODES\` (src/engine/errors.ts) and the texts in src/api/problemTexts.ts; a test compares them.

<!-- prettier-ignore-start -->
| Status | Code | Type | Title | Detail |
|---|---|---|---|---|
`

/** docs/errors.md: every code there is, by status. */
export function errorsPage(): string {
  const codes = (Object.keys(ERROR_CODES) as ErrorCode[]).toSorted(
    (a, b) => ERROR_CODES[a] - ERROR_CODES[b] || (a < b ? -1 : 1),
  )
  return `${HEAD}${codes.map(row).join('')}<!-- prettier-ignore-end -->\n`
}

function row(code: ErrorCode): string {
  const { title, detail } = PROBLEM_TEXTS[code]
  return `| ${ERROR_CODES[code]} | \`${code}\` | \`${problemType(code)}\` | ${title.en} / ${title.id} | ${detail.en} / ${detail.id} |\n`
}
