import type { Label, TicketType } from '../ticketType.js'
import { SHAPES, type Detail, type Say } from './boxes.js'
import { boxSvg, text, tipOf, type BoxMarks, type Pen } from './boxSvg.js'
import { groups, leaves, panelsOf, type Panel } from './graph.js'
import { layoutOf, type Layout } from './layout.js'
import { paint, type Paint, type Theme } from './palette.js'
import { escape, measure } from './text.js'
import { WORDS } from './words.js'

export { leaves, panelsOf } from './graph.js'
export { promiseStateLabel, transitionsOf } from './table.js'
export type { Theme } from './palette.js'

/** One step of a ticket: the state before, the event, the state after. */
export interface Step {
  readonly from: string
  readonly event: string
  readonly to: string
}
/** What the picture says of one ticket. */
export interface TicketMarks {
  /** Region → the leaf it is in. */
  readonly now: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}
export interface DrawOptions {
  readonly language: keyof Label
  readonly theme?: Theme
  /** `names`: states with large names, without their events, to be read at a glance. */
  readonly detail?: Detail
  /** Without them only where a ticket is. */
  readonly promises?: boolean
  /** Tickets in each state. */
  readonly counts?: ReadonlyMap<string, number> | undefined
  readonly ticket?: TicketMarks | undefined
}

/**
 * The statechart of a ticket type as SVG, from the very definition that the engine runs. Colours are custom properties with fallbacks, and
 * there is no script and no style in it. Deterministic.
 */
export function drawSvg(type: TicketType, options: DrawOptions): string {
  const { language, theme = 'light', promises = true, detail = 'events' } = options
  const say: Say = (label) => label[language]
  const pen = { paint: paint(theme), say }
  const parts: string[] = []
  let y = 0
  let width = 0
  for (const { panel, layout } of layoutsOf(type, language, detail)) {
    if (panel.isPromise && !promises) continue
    const labels = new Map(leaves(panel.items).map((it) => [it.key, say(it.label)]))
    const named: Pen = { ...pen, name: (key) => labels.get(key) ?? key }
    const heading = headingOf(type, panel, say)
    parts.push(
      `<g class="wf-panel" data-regions="${escape(panel.regions.join(' '))}" transform="translate(0 ${y})">`,
      text(24, 30, 16, pen.paint('ink'), heading, ' font-weight="700"'),
      `<g transform="translate(0 44)">${panelSvg(panel, layout, options, named)}</g></g>`,
    )
    y += layout.height + 56
    width = Math.max(width, layout.width, measure(heading, 17) + 48)
  }
  const legend = legendSvg(options, pen, width, y)
  const height = y + legend.height
  const title = `${say(type.label)} (${type.type}, ${say(WORDS.version)} ${type.version})`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="wf" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" role="img" lang="${language}" font-family="Arial, Helvetica, 'Liberation Sans', sans-serif">` +
    `<title>${escape(title)}</title><desc>${escape(describe(type, options, say))}</desc>` +
    `<rect class="wf-paper" width="100%" height="100%" fill="${pen.paint('paper')}"/>${parts.join('')}${legend.svg}</svg>\n`
  )
}

interface Drawn {
  readonly panel: Panel
  readonly layout: Layout
}
/** Laying out costs some ten milliseconds, and a type never changes while a process runs. */
const known = new WeakMap<TicketType, Map<string, readonly Drawn[]>>()

export function layoutsOf(type: TicketType, language: keyof Label, detail: Detail = 'events'): readonly Drawn[] {
  const key = `${language} ${detail}`
  const own = known.get(type) ?? new Map<string, readonly Drawn[]>()
  known.set(type, own)
  const drawn =
    own.get(key) ??
    panelsOf(type).map((panel) => ({ panel, layout: layoutOf(panel, (it) => it[language], SHAPES[detail]) }))
  own.set(key, drawn)
  return drawn
}

const headingOf = (type: TicketType, panel: Panel, say: Say): string =>
  panel.isPromise
    ? `${say(WORDS.promise)}: ${panel.labels.map(say).join(', ')}`
    : `${say(type.label)} · ${say(WORDS.version)} ${type.version}`

function panelSvg(panel: Panel, layout: Layout, options: DrawOptions, pen: Pen): string {
  const { paint: ink } = pen
  const marks = marksOf(panel, options, pen.say)
  const passed = new Set(layout.lines.filter((it) => marks.went(it.from, it.event, it.to)).map((it) => it.path))
  const over = new Set(leaves(panel.items).flatMap((it) => (it.standing === 'terminal' ? [it.key] : [])))
  const reached = new Set(layout.lines.filter((it) => passed.has(it.path)).map((it) => it.to))
  // Without rows the line itself tells what it is.
  const tip = (row: Layout['lines'][number]['row']) =>
    options.detail === 'names' ? `><title>${escape(tipOf(row, pen.say, pen.name))}</title></path>` : '/>'
  const line = ({ from, event, to, path, row }: Layout['lines'][number]) => {
    const isPassed = passed.has(path)
    // What ends a ticket is everywhere and seldom the question.
    const isEnd = over.has(to)
    return `<path class="wf-line${isPassed ? ' wf-passed' : ''}${isEnd ? ' wf-ending' : ''}" data-from="${escape(from)}" data-event="${escape(event)}" data-to="${escape(to)}" d="${path}" stroke="${ink(isPassed ? 'path' : 'line')}" stroke-width="${isPassed ? 2.6 : 1.2}"${isEnd && !isPassed ? ' stroke-dasharray="5 3"' : ''}${tip(row)}`
  }
  const around = layout.groups.map(
    ({ key, title, x, y, width, height }) =>
      `<g class="wf-group" data-state="${escape(key)}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="12" fill="${ink('group')}" stroke="${ink('edge')}" stroke-dasharray="2 3"/>${text(x + 12, y + 19, 11, ink('soft'), title, ' font-weight="600"')}</g>`,
  )
  const heads = layout.heads.map(({ to, side, x, y }) => {
    const back = side === 'left' ? -8 : 8
    return `<path class="wf-head" d="M${x} ${y}l${back} -4.5v9z" fill="${ink(reached.has(to) ? 'path' : 'line')}"/>`
  })
  const [plain, bold] = [
    layout.lines.filter((it) => !passed.has(it.path)),
    layout.lines.filter((it) => passed.has(it.path)),
  ]
  const boxes = layout.boxes.map((it) => boxSvg(it, marks.of(it.box), pen))
  return `${around.join('')}<g class="wf-lines" fill="none" stroke-linejoin="round">${[...plain, ...bold].map(line).join('')}</g>${heads.join('')}${boxes.join('')}`
}

function marksOf(panel: Panel, { counts, ticket }: DrawOptions, say: Say) {
  const steps = panel.isPromise ? [] : (ticket?.steps ?? [])
  const inside = new Map(
    groups(panel.items).map((it) => [`any:${it.key}`, new Set(leaves(it.children).map((leaf) => leaf.key))]),
  )
  /** A step belongs to the state's own row, and to that of a group around it where the state has none. */
  const isFrom = (id: string, from: string) => id === from || inside.get(id)?.has(from) === true
  const went = (id: string, event: string, to: string | null) =>
    steps.some((it) => isFrom(id, it.from) && it.event === event && it.to === to)
  const order = new Map<string, number[]>()
  for (const [at, { to }] of steps.entries())
    if (steps[at - 1]?.to !== to) order.set(to, [...(order.get(to) ?? []), at + 1])
  return {
    went,
    of({ id }: { readonly id: string }): BoxMarks {
      const here = panel.regions.filter((it) => ticket?.now[it] === id)
      return {
        isStart: id === panel.initial,
        count: panel.isPromise || id.startsWith('any:') || counts === undefined ? null : (counts.get(id) ?? 0),
        now: here.map((it) =>
          panel.regions.length === 1 ? say(WORDS.now) : say(panel.labels[panel.regions.indexOf(it)] ?? WORDS.now),
        ),
        steps: order.get(id) ?? [],
        passed: (event, to) => went(id, event, to),
      }
    },
  }
}

function legendSvg(
  { counts, ticket }: DrawOptions,
  { paint: ink, say }: { paint: Paint; say: Say },
  width: number,
  y: number,
) {
  const entries = [
    ['us', say(WORDS.us)],
    ['participant', say(WORDS.participant)],
    ['over', say(WORDS.over)],
    [null, say(WORDS.conditional)],
    [null, say(WORDS.again)],
    ...(ticket === undefined ? [] : [['path', `✓ ${say(WORDS.passed)}`] as const]),
    ...(counts === undefined ? [] : [[null, say(WORDS.counted)] as const]),
  ] as const
  const parts: string[] = []
  let [x, row] = [24, 0]
  for (const [colour, words] of entries) {
    const wide = Math.ceil(measure(words, 11)) + (colour === null ? 0 : 20) + 26
    if (x + wide > width && x > 24) [x, row] = [24, row + 1]
    const at = y + 16 + row * 20
    if (colour !== null) parts.push(`<rect x="${x}" y="${at - 7}" width="14" height="4" rx="2" fill="${ink(colour)}"/>`)
    parts.push(text(x + (colour === null ? 0 : 20), at, 11, ink('soft'), words))
    x += wide
  }
  return { svg: `<g class="wf-legend">${parts.join('')}</g>`, height: 34 + row * 20 }
}

function describe(type: TicketType, { counts, ticket }: DrawOptions, say: Say): string {
  const [main] = panelsOf(type)
  const names = leaves(main?.items ?? [])
    .filter((it) => it.kind === 'leaf')
    .map((it) => `${say(it.label)}${counts === undefined ? '' : `: ${counts.get(it.key) ?? 0}`}`)
  const here = main === undefined ? undefined : ticket?.now[main.regions[0] ?? '']
  const now = here === undefined ? [] : [`${say(WORDS.now)}: ${say(type.states[here] ?? { id: here, en: here })}`]
  return [...now, names.join('; ')].join('. ')
}
