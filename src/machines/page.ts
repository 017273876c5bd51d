import type { AnyStateNode } from 'xstate'
import type { TicketType } from './ticketType.js'
import { branchesOf, leavesOf, namedActions, ownBranches, regionsOf, type Branch } from './chart.js'

type Row = readonly string[]
const table = (head: Row, rows: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
const code = (text: string) => `\`${text}\``
const codes = (items: readonly string[]) => (items.length === 0 ? '-' : items.map(code).join(', '))

/** Where a ticket is, and one of its promises (they are all alike). */
function partsOf(type: TicketType): { handling: AnyStateNode; promise: AnyStateNode | undefined } {
  const regions = regionsOf(type.machine.root)
  const [handling] = regions.filter((it) => type.targets[it.key] === undefined)
  const [promise] = regions.filter((it) => type.targets[it.key] !== undefined)
  if (handling === undefined) throw new Error(`${type.type} has no region beside its promises`)
  return { handling, promise }
}

/** Mermaid drawings: where a ticket is, then one promise. */
export function drawingsOf(type: TicketType): readonly string[] {
  const { handling, promise } = partsOf(type)
  return [drawing(handling), ...(promise === undefined ? [] : [drawing(promise)])]
}

/** Every state with every event, in Markdown. */
export function tablesOf(type: TicketType): string {
  const { handling } = partsOf(type)
  const sections = leavesOf(handling).map((leaf) => stateSection(type, leaf, handling))
  return [`# ${type.label.en} (\`${type.type}\`, version ${type.version})`, ...sections].join('\n\n')
}

/** The whole page of a ticket type. Deterministic: order is the order of the source. */
export function pageOf(type: TicketType): string {
  const { handling, promise } = partsOf(type)
  const parts = [
    `# ${type.label.en} (\`${type.type}\`, version ${type.version})`,
    `${type.label.id}. Generated from the statechart by \`npm run docs:generate\`; do not edit.`,
    '## Where a ticket is',
    `![The statechart of ${type.label.en}](${type.type}.svg)`,
    drawing(handling),
    statesTable(type, handling),
    '## One promise',
    ...(promise === undefined ? ['None.'] : [promiseText(type), drawing(promise)]),
    '## Events',
    'From people and outside systems:',
    publicTable(type),
    'Timers and the system, never accepted from outside:',
    internalTable(type),
    '## Time',
    deadlinesTable(type),
    '## Effects',
    effectsTable(type.machine.root, Object.keys(type.machine.implementations.actions)),
    '## Why an event is refused',
    refusalsTable(type),
    '## Every state, every event',
    'A guard is written before its arrow; when none of them holds, the event is refused and says which one stood in the way.',
    ...leavesOf(handling).map((leaf) => stateSection(type, leaf, handling)),
    ...(promise === undefined ? [] : ['## Every state of a promise', ...leavesOf(promise).map(promiseSection)]),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Mermaid, flat: a composite state with transitions of its own is drawn as one node "any of ...". */
function drawing(region: AnyStateNode): string {
  const leaves = leavesOf(region)
  const composites = compositesOf(region).filter((it) => ownBranches(it).some((branch) => branch.target !== null))
  const edges = new Map<string, string[]>()
  for (const node of [...leaves, ...composites])
    for (const branch of ownBranches(node)) {
      if (branch.target === null) continue
      const key = `${node.key} --> ${branch.target}`
      edges.set(key, [...new Set([...(edges.get(key) ?? []), edgeLabel(branch)])])
    }
  const lines = [
    'stateDiagram-v2',
    '  direction LR',
    `  [*] --> ${firstLeaf(region).key}`,
    ...composites.map((it) => `  state "any of ${leavesOf(it).map(keyOf).join(', ')}" as ${it.key}`),
    ...[...edges].map(([edge, labels]) => `  ${edge} : ${labels.join(', ')}`),
    ...leaves.filter((it) => it.tags.includes('terminal')).map((it) => `  ${it.key} --> [*]`),
  ]
  return ['```mermaid', ...lines, '```'].join('\n')
}
const keyOf = (node: AnyStateNode): string => node.key
const edgeLabel = ({ event, guard }: Branch) => (guard === '' ? event : `${event} [${guard}]`)
const firstLeaf = (node: AnyStateNode): AnyStateNode => {
  const [inner] = node.type === 'compound' ? node.initial.target : []
  return inner === undefined ? node : firstLeaf(inner)
}
function compositesOf(node: AnyStateNode): readonly AnyStateNode[] {
  const inner = Object.values(node.states as Record<string, AnyStateNode>).filter((it) => leavesOf(it)[0] !== it)
  return inner.flatMap((it) => [it, ...compositesOf(it)])
}

const tagsOf = (leaf: AnyStateNode): readonly string[] => leaf.tags.filter((it) => it !== 'open')

function statesTable(type: TicketType, handling: AnyStateNode): string {
  const rows = leavesOf(handling).map((leaf) => {
    const label = type.states[leaf.key]
    return [code(leaf.key), label?.id ?? '', label?.en ?? '', codes(tagsOf(leaf))]
  })
  return table(['State', 'Indonesian', 'English', 'Standing'], rows)
}

function promiseText(type: TicketType): string {
  const rows = Object.entries(type.targets).map(([target, label]) => {
    const region = regionsOf(type.machine.root).find((it) => it.key === target)
    const pausable = region !== undefined && leavesOf(region).some((it) => it.key === 'paused')
    return [code(target), label.id, label.en, pausable ? 'yes' : 'no']
  })
  const head = ['Target', 'Indonesian', 'English', 'Paused while waiting for the participant']
  return `Each target is a parallel region beside the ticket's own, all built alike:\n\n${table(head, rows)}`
}

function publicTable(type: TicketType): string {
  const rows = Object.entries(type.publicEvents).map(([name, event]) => [
    code(name),
    event.label.id,
    event.label.en,
    event.roles.join(', '),
    event.needsVersion ? 'yes' : 'no',
    event.changesContent ? 'yes' : 'no',
    event.fact,
  ])
  return table(['Event', 'Indonesian', 'English', 'Roles', 'Needs a version', 'Moves the version', 'Fact'], rows)
}

function internalTable(type: TicketType): string {
  const rows = Object.entries(type.internalEvents).map(([name, event]) => [
    code(name),
    event.label.id,
    event.label.en,
    event.changesContent === true ? 'yes' : 'no',
    event.fact,
  ])
  return table(['Event', 'Indonesian', 'English', 'Moves the version', 'Fact'], rows)
}

function deadlinesTable(type: TicketType): string {
  const rows = Object.entries(type.deadlines).flatMap(([family, thresholds]) =>
    Object.entries(thresholds).map(([threshold, event]) => [code(family), code(threshold), code(event)]),
  )
  const promises = 'Promises ring `sla.warn`, `sla.due` and `sla.escalate`; how long everything takes is policy.'
  return `${promises}\n\n${table(['Deadline', 'Threshold', 'Rings'], rows)}`
}

function effectsTable(root: AnyStateNode, effects: readonly string[]): string {
  const found = namedActions(root)
  const messages = new Map<string, Set<string>>()
  for (const { params } of found.filter((it) => it.type === 'message.send' && typeof it.params === 'object')) {
    const { template, audience } = params as { template: string; audience: string }
    messages.set(template, (messages.get(template) ?? new Set()).add(audience))
  }
  const rows = [...messages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([it, to]) => [code(it), [...to].sort().join(', ')])
  return `${codes(effects)}. Messages:\n\n${table(['Template', 'Audience'], rows)}`
}

function refusalsTable(type: TicketType): string {
  const rows = Object.entries(type.refusals)
    .filter(([, label]) => label.id !== '-')
    .map(([guard, label]) => [code(guard), label.id, label.en])
  return table(['Guard', 'Indonesian', 'English'], rows)
}

function stateSection(type: TicketType, leaf: AnyStateNode, handling: AnyStateNode): string {
  const events = [...Object.keys(type.publicEvents), ...Object.keys(type.internalEvents)]
  const known = events.filter((event) => branchesOf(leaf, event, handling).length > 0)
  // What only the promises hear is told in their own section.
  const unknown = events.filter((event) => !known.includes(event) && !event.startsWith('sla.'))
  const rows = known.map((event) => [code(event), outcome(branchesOf(leaf, event, handling))])
  const refused = unknown.length === 0 ? '' : `\n\nRefused: ${codes(unknown)}.`
  return `### ${leaf.key}\n\n${type.states[leaf.key]?.en ?? leaf.key}. ${codes(tagsOf(leaf))}\n\n${table(['Event', 'Leads to'], rows)}${refused}`
}
function outcome(branches: readonly Branch[]): string {
  const lines = branches.map(({ guard, target }) => {
    const to = target === null ? 'stays' : `**${target}**`
    return guard === '' ? to : `${code(guard)} → ${to}`
  })
  return branches.at(-1)?.guard === '' ? lines.join('; else ') : `${lines.join('; else ')}; else refused`
}

function promiseSection(leaf: AnyStateNode): string {
  const events = [...new Set(ownBranches(leaf).map((it) => it.event))]
  const rows = events.map((event) => [code(event), outcome(ownBranches(leaf).filter((it) => it.event === event))])
  return `### ${leaf.key}\n\n${rows.length === 0 ? 'Nothing more happens here.' : table(['Event', 'Leads to'], rows)}`
}
