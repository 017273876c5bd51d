import type { AnyStateNode } from 'xstate'
import { leavesOf, ownBranches, regionsOf } from '../chart.js'
import type { Label, TicketType } from '../ticketType.js'
import { conditionWords } from './conditions.js'
import { CLOCK_EVENT_LABELS, PROMISE_STATES, WORDS } from './words.js'

/** An event that a state answers: where it leads, and on which conditions. */
export interface Row {
  readonly event: string
  readonly label: Label
  /** Key of the leaf; the state's own where it is begun anew; null: it stays. */
  readonly target: string | null
  /** In words, as the chart names them; empty text among them: always. */
  readonly guards: readonly string[]
  /** The same in sentences, one of which must hold; empty: always. */
  readonly when: readonly Label[]
}
export type Standing = 'waitingOnUs' | 'waitingOnParticipant' | 'terminal' | 'plain'

/** A box with text: a state without inner states, or (`any`) what a state around others answers for all of them. */
export interface Leaf {
  readonly kind: 'leaf' | 'any'
  readonly key: string
  readonly label: Label
  readonly standing: Standing
  /** Leading somewhere; what stays is in `stays`. */
  readonly rows: readonly Row[]
  readonly stays: readonly Row[]
}
/** A state around others. */
export interface Group {
  readonly kind: 'group'
  readonly key: string
  readonly label: Label
  readonly children: readonly Item[]
}
export type Item = Leaf | Group

/** One region, or several promises that are built alike. */
export interface Panel {
  /** Keys of the regions that it shows. */
  readonly regions: readonly string[]
  readonly labels: readonly Label[]
  readonly isPromise: boolean
  readonly items: readonly Item[]
  readonly initial: string
}

/** The statechart as what is drawn, in the order of the source; promises that are built alike are drawn once. */
export function panelsOf(type: TicketType): readonly Panel[] {
  const panels: Panel[] = []
  for (const region of regionsOf(type.machine.root)) {
    const promise = type.targets[region.key]
    const isPromise = promise !== undefined
    const words = wordsOf(type, isPromise)
    const items = Object.values(region.states as Record<string, AnyStateNode>).map((it) => itemOf(it, words))
    const initial = firstLeaf(region)
    const alike = panels.findIndex((it) => it.isPromise && isPromise && sameItems(it.items, items))
    const known = panels[alike]
    if (known === undefined || promise === undefined)
      panels.push({ regions: [region.key], labels: [promise ?? type.label], isPromise, items, initial })
    else panels[alike] = { ...known, regions: [...known.regions, region.key], labels: [...known.labels, promise] }
  }
  return panels.toSorted((a, b) => Number(a.isPromise) - Number(b.isPromise))
}

const sameItems = (a: readonly Item[], b: readonly Item[]): boolean => JSON.stringify(a) === JSON.stringify(b)

interface Words {
  state(key: string): Label
  event(name: string): Label
  condition(guard: string): Label | null
  readonly isPromise: boolean
}
const wordsOf = (type: TicketType, isPromise: boolean): Words => ({
  isPromise,
  state: (key) => (isPromise ? PROMISE_STATES[key] : (type.states[key] ?? type.groups?.[key])) ?? { id: key, en: key },
  event: (name) =>
    name === ''
      ? WORDS.automatic
      : (type.publicEvents[name]?.label ??
        type.internalEvents[name]?.label ??
        CLOCK_EVENT_LABELS[name] ?? { id: name, en: name }),
  condition: (guard) => conditionWords(type, guard),
})

function itemOf(node: AnyStateNode, words: Words): Item {
  const inner = Object.values(node.states as Record<string, AnyStateNode>)
  if (inner.length === 0) return leafOf(node, words)
  const own = leafOf(node, words)
  const answers = own.rows.length + own.stays.length > 0
  const any: Leaf = { ...own, kind: 'any', label: WORDS.any, standing: 'plain' }
  const children = [...(answers ? [any] : []), ...inner.map((it) => itemOf(it, words))]
  return { kind: 'group', key: node.key, label: words.state(node.key), children }
}

function leafOf(node: AnyStateNode, words: Words): Leaf {
  const rows = rowsOf(node, words)
  return {
    kind: 'leaf',
    key: node.key,
    label: words.state(node.key),
    standing: words.isPromise ? 'plain' : standingOf(node),
    rows: rows.filter((it) => it.target !== null),
    stays: rows.filter((it) => it.target === null),
  }
}

function rowsOf(node: AnyStateNode, words: Words): readonly Row[] {
  const ways = new Map<string, { readonly event: string; readonly target: string | null; readonly guards: string[] }>()
  for (const { event, guard, target } of ownBranches(node)) {
    const key = JSON.stringify([event, target])
    const known = ways.get(key)
    if (known === undefined) ways.set(key, { event, target, guards: [guard] })
    else known.guards.push(guard)
  }
  return [...ways.values()].map(({ event, target, guards }) => {
    const asked = guards.map((it) => words.condition(it))
    // One way that asks nothing is enough.
    const when = asked.every((it) => it !== null) ? asked : []
    return { event, label: words.event(event), target, guards, when }
  })
}

function standingOf(node: AnyStateNode): Standing {
  for (let it: AnyStateNode | undefined = node; it !== undefined; it = it.parent)
    for (const tag of ['terminal', 'waitingOnParticipant', 'waitingOnUs'] as const)
      if (it.tags.includes(tag)) return tag
  return 'plain'
}

function firstLeaf(node: AnyStateNode): string {
  const [inner] = node.type === 'compound' ? node.initial.target : []
  return inner === undefined ? (leavesOf(node)[0]?.key ?? node.key) : firstLeaf(inner)
}

/** Unlike the key, no two boxes share it. */
export const idOf = ({ kind, key }: Leaf): string => (kind === 'any' ? `any:${key}` : key)
/** All boxes of some items, in order. */
export const leaves = (items: readonly Item[]): readonly Leaf[] =>
  items.flatMap((it) => (it.kind === 'group' ? leaves(it.children) : [it]))
/** All boxes around boxes, outer ones first. */
export const groups = (items: readonly Item[]): readonly Group[] =>
  items.flatMap((it) => (it.kind === 'group' ? [it, ...groups(it.children)] : []))
