import type { AnyStateNode } from 'xstate'
import { leavesOf, namedActions, ownBranches, regionsOf } from './chart.js'
import { isEffectType } from './effects.js'
import { Policy } from './policy.js'
import { CLOCK_EVENTS } from './slaRegion.js'
import { ROLES, TAGS, type Label, type TicketType } from './ticketType.js'

/** What makes a type unusable, one sentence each; empty when it can be served. Cheap: looks, walks nowhere. Never throws, whatever it is given. */
export function faultsOf(type: TicketType): readonly string[] {
  const shape = faultsOfShape(type)
  const told = faultsOfEvents(type)
  if (shape.length > 0) return [...shape, ...told]
  return [...told, ...faultsOfChart(type), ...(type.policies ?? []).flatMap((policy) => faultsOfPolicy(type, policy))]
}

const isLabel = (label: unknown): label is Label => {
  const { id, en } = (label ?? {}) as Partial<Label>
  return typeof id === 'string' && id !== '' && typeof en === 'string' && en !== ''
}
const isSchema = (schema: unknown) => typeof (schema as { safeParse?: unknown } | undefined)?.safeParse === 'function'
const entries = <T>(record: Readonly<Record<string, T>> | undefined) => Object.entries(record ?? {})

/** Types may come from JavaScript, where no compiler looked. */
function faultsOfShape(type: TicketType): readonly string[] {
  const { root } = (type.machine as TicketType['machine'] | undefined) ?? {}
  const fields = type as unknown as Readonly<Record<string, unknown>>
  return [
    ...(/^[a-z][a-z0-9_-]{1,39}$/.test(type.type) ? [] : ['its name `type` is not 2 to 40 lower-case letters']),
    ...(Number.isInteger(type.version) && type.version > 0 ? [] : ['its version is no whole number from 1']),
    ...(isLabel(type.label) ? [] : ['it has no label in both languages']),
    ...(root === undefined ? ['its machine is no statechart'] : []),
    ...(isSchema(type.filing) ? [] : ['its filing is no schema']),
    ...['input', 'columns', 'stateOf']
      .filter((name) => typeof fields[name] !== 'function')
      .map((name) => `its ${name} is no function`),
    ...['states', 'targets', 'refusals']
      .filter((name) => typeof fields[name] !== 'object')
      .map((name) => `it has no ${name}`),
  ]
}

function faultsOfEvents(type: TicketType): readonly string[] {
  const { version, filingEvent } = type
  const given = type as Partial<TicketType>
  const { publicEvents = {}, internalEvents = {}, deadlines = {}, upcasts = {} } = given
  const timed = Object.values(deadlines).flatMap((family) => Object.values(family))
  const older = Array.from({ length: Math.max(0, version - 1) || 0 }, (_, index) => index + 1)
  const declared = [...entries(publicEvents), ...entries(internalEvents)]
  return [
    ...(Object.hasOwn(publicEvents, filingEvent) ? [] : [`the filing event ${filingEvent} is not a public event`]),
    ...Object.keys(publicEvents)
      .filter((name) => Object.hasOwn(internalEvents, name))
      .map((name) => `the event ${name} is both public and internal`),
    ...timed
      .filter((name) => !Object.hasOwn(internalEvents, name))
      .map((name) => `the timer event ${name} is not an internal event`),
    ...older.filter((from) => upcasts[from] === undefined).map((from) => `there is no upcast from version ${from}`),
    ...declared
      .filter(([, event]) => !isLabel(event.label))
      .map(([name]) => `the event ${name} has no label in both languages`),
    ...declared
      .filter(([, event]) => !/^[A-Z][A-Za-z]+$/.test(event.fact))
      .map(([name]) => `the event ${name} names no fact in PascalCase`),
    ...declared
      .filter(([, event]) => !isSchema(event.payload))
      .map(([name]) => `the event ${name} has no payload schema`),
    ...entries(publicEvents)
      .filter(([, { roles }]) => !Array.isArray(roles) || roles.length === 0 || !roles.every(isOutside))
      .map(([name]) => `the event ${name} has no roles, or one that may not send events`),
  ]
}
const isOutside = (role: string) => role !== 'system' && (ROLES as readonly string[]).includes(role)

/** The statechart against what is declared beside it. */
function faultsOfChart(type: TicketType): readonly string[] {
  const { root, implementations } = type.machine
  const regions = regionsOf(root)
  const declared = new Set([...Object.keys(type.publicEvents), ...Object.keys(type.internalEvents), ...CLOCK_EVENTS])
  const heard = new Set(allNodes(root).flatMap((node) => ownBranches(node).map((it) => it.event)))
  const known = (name: string) => isEffectType(name) || name.startsWith('xstate.') || isBuiltIn(implementations, name)
  const acting = [...namedActions(root).map((it) => it.type), ...Object.keys(implementations.actions)]
  return [
    ...regions
      .filter((it) => type.targets[it.key] === undefined)
      .flatMap(leavesOf)
      .flatMap(faultsOfTags),
    ...Object.keys(type.targets)
      .filter((target) => !regions.some((it) => it.key === target))
      .map((target) => `the target ${target} has no region in the machine`),
    ...[...heard].filter((it) => !declared.has(it)).map((it) => `the machine hears ${it}, which is not declared`),
    ...[...new Set(acting)].filter((it) => !known(it)).map((it) => `nobody knows the effect ${it}`),
  ]
}
/** `assign` and the like under a name of the author's: resolved inside the machine, it never leaves as an effect. */
const isBuiltIn = ({ actions }: TicketType['machine']['implementations'], name: string): boolean =>
  (actions as Readonly<Record<string, { resolve?: unknown } | undefined>>)[name]?.resolve !== undefined

const allNodes = (node: AnyStateNode): readonly AnyStateNode[] => [
  node,
  ...Object.values(node.states as Record<string, AnyStateNode>).flatMap(allNodes),
]

/** Queries and pages read tags, so each state says exactly one thing: with whom the ball is, or that it is over. */
function faultsOfTags(leaf: AnyStateNode): readonly string[] {
  const tags: string[] = []
  for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) tags.push(...node.tags)
  const unknown = tags.filter((tag) => !(TAGS as readonly string[]).includes(tag))
  const standings = ['waitingOnUs', 'waitingOnParticipant', 'terminal'].filter((tag) => tags.includes(tag))
  return [
    ...unknown.map((tag) => `the state ${leaf.key} has the tag ${tag}, which nobody knows`),
    ...(standings.length === 1
      ? []
      : [`the state ${leaf.key} needs exactly one of the tags waitingOnUs, waitingOnParticipant, terminal`]),
    ...(tags.includes('open') === tags.includes('terminal')
      ? [`the state ${leaf.key} needs the tag open, or terminal, and not both`]
      : []),
  ]
}

/** A policy may set only what its machine declares: anything else would ring for nobody. */
export function faultsOfPolicy(type: TicketType, policy: Policy): readonly string[] {
  const parsed = Policy.safeParse(policy)
  if (!parsed.success) {
    const at = parsed.error.issues.map((it) => it.path.join('.')).join(', ')
    return [`its policy is not one (${at})`]
  }
  const name = `policy ${policy.id}@${policy.version}`
  const foreign = policy.ticketType === type.type ? [] : [`${name} is for the ticket type ${policy.ticketType}`]
  const targets = Object.values(policy.routes)
    .flatMap((route) => Object.keys(route.targets))
    .filter((target) => !Object.hasOwn(type.targets, target))
    .map((target) => `the target ${target}`)
  const deadlines = Object.entries(policy.deadlines).flatMap(([family, variants]) =>
    Object.values(variants)
      .flatMap((thresholds) => Object.keys(thresholds))
      .filter((threshold) => type.deadlines[family]?.[threshold] === undefined)
      .map((threshold) => `the deadline ${family} ${threshold}`),
  )
  return [
    ...foreign,
    ...[...targets, ...deadlines].map((what) => `${name} sets ${what}, which ${type.type} does not declare`),
  ]
}

/** What people would read as a bare code: states and guards without words. Served all the same. */
export function missingWords(type: TicketType): readonly string[] {
  const { root, implementations } = type.machine
  const handling = regionsOf(root).filter((it) => type.targets[it.key] === undefined)
  const guards = allNodes(root)
    .flatMap((node) => ownBranches(node).flatMap((it) => it.guard.split(/ and | or /)))
    .map((name) => name.replace(/^not /, 'not:'))
    .filter((name) => Object.hasOwn(implementations.guards, name.replace(/^not:/, '')))
  return [
    ...handling
      .flatMap(leavesOf)
      .filter((leaf) => !isLabel(type.states[leaf.key]))
      .map((leaf) => `the state ${leaf.key} has no label`),
    ...entries(type.targets)
      .filter(([, label]) => !isLabel(label))
      .map(([target]) => `the target ${target} has no label`),
    ...[...new Set(guards)]
      .filter((name) => !isLabel(type.refusals[name]))
      .map((name) => `the guard ${name} has no refusal in words`),
  ]
}
