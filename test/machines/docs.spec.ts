import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { ticketType } from '../../src/machines/types/pengaduan.js'
import { pageOf } from '../../src/machines/page.js'

const run = promisify(execFile)
const page = pageOf(ticketType)

test('the committed page is what the statechart says', async () => {
  const { stderr } = await run('node', ['--import', 'tsx', 'scripts/generateDocs.ts', '--check'])
  expect(stderr).toBe('')
})

test('the same machine gives the same page', () => {
  expect(pageOf(ticketType)).toBe(page)
})

test('every state has a section in which every event has its answer', () => {
  const events = [...Object.keys(ticketType.publicEvents), ...Object.keys(ticketType.internalEvents)]
  for (const state of Object.keys(ticketType.states)) {
    const section = page.split(`### ${state}\n`)[1]?.split('\n### ')[0] ?? ''
    for (const event of events.filter((it) => !it.startsWith('sla.'))) expect(section, state).toContain(`\`${event}\``)
  }
})

test('the drawings name plain states only', () => {
  const drawings = [...page.matchAll(/```mermaid\n([\s\S]*?)```/g)].map((it) => it[1]!)
  expect(drawings).toHaveLength(2)
  const line =
    /^(stateDiagram-v2|direction LR|state "[A-Za-z ,]+" as \w+|(\w+|\[\*\]) --> (\w+|\[\*\])( : [^:;#\n]+)?)$/
  for (const drawing of drawings) for (const it of drawing.trim().split('\n')) expect(it.trim()).toMatch(line)
  expect(readFileSync('docs/machines/pengaduan.md', 'utf8')).toContain(drawings[0]!)
})
