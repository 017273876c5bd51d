import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerVector, compileCalendar, fromExchange, vectorSchema } from '../../src/calendar/index.js'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/business-time/${name}`, import.meta.url), 'utf8')
const exchange = JSON.parse(fixture('calendars.json')) as Record<string, unknown>
const calendars = new Map(Object.entries(exchange).map(([id, json]) => [id, compileCalendar(fromExchange(id, json))]))
const vectors = fixture('vectors.jsonl')
  .trim()
  .split('\n')
  .map((line) => vectorSchema.parse(JSON.parse(line)))

const groups = [...new Set(vectors.map(({ op }) => op))].map((op) => [op, vectors.filter((v) => v.op === op)] as const)

describe('business-time vectors', () => {
  it('are all here', () => {
    expect(vectors).toHaveLength(600)
    expect(calendars.size).toBe(43)
  })

  it.each(groups)('%s', (_op, group) => {
    const answers = group.map((vector) => ({ id: vector.id, ...answerVector(calendars.get(vector.calendar)!, vector) }))
    expect(answers).toEqual(group.map((vector) => ({ id: vector.id, ...vector.expect })))
  })
})
