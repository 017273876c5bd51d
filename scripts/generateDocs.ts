/**
 * Writes one page per ticket type, those of examples/ too, derived from the statechart itself: `docs/machines/<type>.md` with its picture; and the contracts
 * of the systems outside, derived from the schemas that parse their answers: `docs/contracts/`; and every message to people: `docs/messages.md`.
 * `--check` writes nothing and fails where a committed page says something else.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { contracts } from '../src/directory/contract.js'
import { loadTicketTypes } from '../src/engine/ticketTypes.js'
import { drawSvg } from '../src/machines/drawing/index.js'
import { pageOf } from '../src/machines/page.js'
import { messagesPage } from '../src/messages/page.js'

const home = fileURLToPath(new URL('../docs/machines/', import.meta.url))

/** The first lines in which two texts differ, like a diff without context. */
function difference(committed: string, generated: string): string {
  const [old, fresh] = [committed.split('\n'), generated.split('\n')]
  const at = fresh.findIndex((line, index) => line !== old[index])
  const from = at === -1 ? fresh.length : at
  const show = (sign: string, lines: readonly string[]) => lines.slice(from, from + 3).map((line) => `${sign} ${line}`)
  return [`@@ line ${from + 1} @@`, ...show('-', old), ...show('+', fresh)].join('\n')
}

const check = process.argv.includes('--check')
mkdirSync(home, { recursive: true })
const examples = fileURLToPath(new URL('../examples/', import.meta.url))
const files = readdirSync(examples).filter((name) => name.endsWith('.ts'))
const types = await loadTicketTypes(
  undefined,
  files.map((name) => `${examples}${name}`),
)
/** Writes a page, or says with `--check` where the committed one differs from its `source`. */
async function keep(path: string, content: string, parser: 'markdown' | 'json' | null, source: string): Promise<void> {
  const file = fileURLToPath(new URL(`../docs/${path}`, import.meta.url))
  const page = parser === null ? content : await format(content, { ...(await resolveConfig(file)), parser })
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (committed === page) return
  if (check) {
    console.error(`docs/${path} is not what the ${source} says; run: npm run docs:generate`)
    console.error(difference(committed, page))
    process.exitCode = 1
  } else {
    writeFileSync(file, page)
    console.log(`wrote docs/${path}`)
  }
}

for (const type of types.values()) {
  await keep(`machines/${type.type}.md`, pageOf(type), 'markdown', 'machine')
  await keep(`machines/${type.type}.svg`, drawSvg(type, { language: 'en' }), null, 'machine')
}
await keep('messages.md', messagesPage(), 'markdown', 'templates')
for (const [name, contract] of Object.entries(contracts()))
  await keep(`contracts/${name}`, JSON.stringify(contract), 'json', 'code')
