import { beforeAll, describe, expect, it } from 'vitest'
import type { AnyStateNode } from 'xstate'
import { loadTicketTypes } from '../../src/engine/index.js'
import { leavesOf, ownBranches, regionsOf } from '../../src/machines/chart.js'
import { drawSvg, layoutsOf, panelsOf, transitionsOf } from '../../src/machines/drawing/index.js'
import { measure } from '../../src/machines/drawing/text.js'
import type { TicketType } from '../../src/machines/ticketType.js'

let types: readonly TicketType[]
beforeAll(async () => {
  types = [...(await loadTicketTypes(undefined, ['examples/koreksi-data.ts'])).values()]
  expect(types.map((it) => it.type).toSorted()).toEqual(['akun_ganda', 'koreksi_data', 'pengaduan'])
})

const everyState = (node: AnyStateNode): readonly AnyStateNode[] => [
  node,
  ...Object.values(node.states as Record<string, AnyStateNode>).flatMap(everyState),
]
const attributes = (svg: string, element: RegExp, ...names: string[]) =>
  [...svg.matchAll(element)].map(([tag]) =>
    names.map((it) => new RegExp(` ${it}="([^"]*)"`).exec(tag)?.[1] ?? '').join(' '),
  )
interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
/** Does a straight piece of a path cut through the inside of a box? */
function cuts(path: string, { x, y, width, height }: Rect): boolean {
  const points = [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, px, py]) => [Number(px), Number(py)] as const)
  return points.slice(1).some(([toX, toY], at) => {
    const [fromX, fromY] = points[at]!
    const piece = {
      x: Math.min(fromX, toX),
      y: Math.min(fromY, toY),
      width: Math.abs(fromX - toX),
      height: Math.abs(fromY - toY),
    }
    return overlap(piece, { x: x + 1, y: y + 1, width: width - 2, height: height - 2 })
  })
}

describe('the drawing of every type', () => {
  it('has every state and every transition of the definition, in each language', () => {
    for (const type of types)
      for (const language of ['id', 'en'] as const) {
        const svg = drawSvg(type, { language })
        const panels = panelsOf(type)
        const states = new Set(attributes(svg, /<g class="wf-(?:state|any|group)[^>]*>/g, 'data-state'))
        const lines = new Set(attributes(svg, /<path class="wf-line[^>]*>/g, 'data-from', 'data-event', 'data-to'))
        for (const region of regionsOf(type.machine.root)) {
          const panel = panels.find((it) => it.regions.includes(region.key))!
          const told = transitionsOf(panel)
          for (const node of everyState(region)) {
            const isLeaf = leavesOf(node)[0] === node
            if (node !== region) expect(states, type.type).toContain(node.key)
            for (const { event, target } of ownBranches(node)) {
              expect(told).toContainEqual(expect.objectContaining({ from: node.key, event, to: target }))
              const from = isLeaf ? node.key : `any:${node.key}`
              if (target !== null && target !== node.key)
                expect(lines, type.type).toContain(`${from} ${event} ${target}`)
            }
          }
        }
        expect(
          attributes(svg, /<g class="wf-panel[^>]*>/g, 'data-regions')
            .join(' ')
            .split(' ')
            .toSorted(),
        ).toEqual(
          regionsOf(type.machine.root)
            .map((it) => it.key)
            .toSorted(),
        )
      }
  })

  it('lets no two boxes overlap, keeps foreign boxes out of groups and lines out of boxes', () => {
    for (const type of types)
      for (const { panel, layout } of [...layoutsOf(type, 'id'), ...layoutsOf(type, 'id', 'names')]) {
        const { boxes, groups, lines } = layout
        for (const [at, a] of boxes.entries()) {
          for (const b of boxes.slice(at + 1))
            expect([a.box.id, b.box.id, overlap(a, b)]).toEqual([a.box.id, b.box.id, false])
          for (const line of lines) expect([line.from, line.event, a.box.id, cuts(line.path, a)].at(-1)).toBe(false)
          expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= layout.width && a.y + a.height <= layout.height).toBe(true)
        }
        for (const group of groups) {
          const inside = boxes.filter((it) => overlap(it, group))
          const own = new Set(membersOf(panel.items, group.key))
          expect(inside.map((it) => it.box.id).toSorted()).toEqual([...own].toSorted())
        }
      }
  })

  it('keeps all text inside its box', () => {
    for (const type of types)
      for (const language of ['id', 'en'] as const)
        for (const { layout } of layoutsOf(type, language))
          for (const { box, width, height } of layout.boxes) {
            for (const line of box.title) expect(10 + measure(line, 13 * 1.06), line).toBeLessThanOrEqual(width)
            for (const row of box.rows) {
              expect(row.port + (row.lines.length - 1) * 14 + 6).toBeLessThanOrEqual(height)
              for (const line of row.lines) expect(12 + measure(line, 11), line).toBeLessThanOrEqual(width)
            }
            for (const line of box.stays) expect(10 + measure(line, 9.5), line).toBeLessThanOrEqual(width)
            expect(box.staysAt + box.stays.length * 14).toBeLessThanOrEqual(height)
          }
  })

  it('needs no style, script or anything from outside, says what it is, and is the same each time', () => {
    for (const type of types) {
      const svg = drawSvg(type, { language: 'id', theme: 'dark' })
      expect(/<style|<script| style="|href=| on\w+="|url\(|undefined|NaN/.exec(svg)).toBeNull()
      expect(svg).toContain(`<title>${type.label.id} (${type.type}, versi ${type.version})</title>`)
      expect(svg).toMatch(/<desc>[^<]{40,}<\/desc>/)
      expect(drawSvg(type, { language: 'id', theme: 'dark' })).toBe(svg)
    }
  })
})

it('marks the way a ticket went and where it is, on no more than its own lines', () => {
  const type = types.find((it) => it.type === 'pengaduan')!
  const steps = [
    { from: 'draft', event: 'submit', to: 'submitted' },
    { from: 'submitted', event: 'verification.start', to: 'underVerification' },
    // Declared by the group around it.
    { from: 'underVerification', event: 'withdraw', to: 'withdrawn' },
  ]
  const svg = drawSvg(type, { language: 'en', ticket: { now: { handling: 'withdrawn', resolution: 'voided' }, steps } })
  expect(
    attributes(svg, /<path class="wf-line[^"]*wf-passed[^>]*>/g, 'data-from', 'data-event', 'data-to').toSorted(),
  ).toEqual([
    'any:active withdraw withdrawn',
    'draft submit submitted',
    'submitted verification.start underVerification',
  ])
  expect(attributes(svg, /<g class="wf-state[^"]*wf-now[^>]*>/g, 'data-state')).toEqual(['withdrawn', 'voided'])
})

it('shows how many tickets are where, and nothing where nothing was counted', () => {
  const type = types.find((it) => it.type === 'akun_ganda')!
  const numbers = (svg: string) => [...svg.matchAll(/text-anchor="middle"[^>]*>(\d+)</g)].map((it) => it[1])
  expect(numbers(drawSvg(type, { language: 'id', promises: false, counts: new Map([['found', 12]]) }))).toContain('12')
  expect(numbers(drawSvg(type, { language: 'id' }))).toEqual([])
})

function membersOf(
  items: ReturnType<typeof panelsOf>[number]['items'],
  key: string,
  within = false,
): readonly string[] {
  return items.flatMap((it) =>
    it.kind === 'group'
      ? membersOf(it.children, key, within || it.key === key)
      : within
        ? [it.kind === 'any' ? `any:${it.key}` : it.key]
        : [],
  )
}

describe('what a transition asks', () => {
  it('is a sentence of its own in both languages for every guard of every type, never a code', () => {
    for (const type of types) {
      const guards = everyState(type.machine.root)
        .flatMap(ownBranches)
        .flatMap(({ guard }) => guard.split(/ and | or /))
        .map((it) => it.replace(/^not /, 'not:'))
        .filter((it) => Object.hasOwn(type.machine.implementations.guards, it.replace(/^not:/, '')) && it !== 'always')
      expect(guards.length).toBeGreaterThan(0)
      for (const guard of guards)
        expect(type.conditions?.[guard], `${type.type}: ${guard}`).toEqual({
          id: expect.stringMatching(/^[a-z].* /),
          en: expect.stringMatching(/^[a-z].* /),
        })
    }
  })

  it('joins the parts, and is quoted from the refusal where a type has no words for it', () => {
    const type = types.find((it) => it.type === 'pengaduan')!
    const whenOf = (of: TicketType, event: string) =>
      transitionsOf(panelsOf(of)[0]!).find((it) => it.from === 'submitted' && it.event === event)!.when
    const [both] = whenOf(type, 'verification.start')
    expect(both).toEqual({
      id: 'sudah dirilis (kantor sudah buka), dan kedua kontak baru sudah terbukti',
      en: 'it is released (the office has opened), and both new contacts are proven',
    })
    expect(whenOf({ ...type, conditions: {} }, 'verification.start')[0]?.en).toContain(
      '“Both new contacts must be proven first.”',
    )
    for (const it of types.flatMap(panelsOf).flatMap(transitionsOf))
      for (const { id, en } of it.when) expect([id, en].filter((words) => !words.includes(' '))).toEqual([])
    // A condition that always holds is none.
    for (const it of transitionsOf(panelsOf(type)[0]!))
      if (it.conditions.includes('always')) expect(it.when).toEqual([])
  })
})
