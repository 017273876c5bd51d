import type { AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate'

/**
 * xstate's macrostep for charts like ours, at a third of its garbage. Which states a microstep leaves and enters depends on nothing but where
 * the machine is and which transitions it takes; xstate works that out anew each time, in some fifty sets and lists. Here it is learned from
 * xstate once for each such pair, and looked up afterwards. Guards and actions run every time. A test walks both side by side.
 */
interface Node {
  readonly id: string
  readonly order: number
  readonly type: string
  readonly parent?: Node | undefined
  readonly entry: readonly unknown[]
  readonly exit: readonly unknown[]
  readonly invoke: readonly unknown[]
  readonly always?: readonly unknown[] | undefined
  readonly initial?: { readonly actions: readonly unknown[] } | undefined
}
interface Transition {
  readonly target?: readonly Node[] | undefined
  readonly source: Node
  readonly reenter: boolean
  readonly actions: readonly unknown[]
}
type Snapshot = AnyMachineSnapshot & { readonly _nodes: readonly Node[] }
type Event = { readonly type: string }
type Scope = Parameters<AnyStateMachine['transition']>[2]
/** An action to be executed, as xstate hands it over. */
export interface Executed {
  readonly type: string
  readonly params?: unknown
}
export interface Macrostep {
  readonly snapshot: AnyMachineSnapshot
  readonly actions: readonly Executed[]
  /** What the event itself took; those that were raised are left out. */
  readonly taken: readonly { readonly target?: unknown; readonly actions: readonly unknown[] }[]
}

/** What one microstep comes to, whatever the context: left from the inside out, entered from the outside in. */
interface Plan {
  readonly exits: readonly Node[]
  readonly entries: readonly Node[]
  /** Null: the states are the same afterwards. */
  readonly after: Pick<Snapshot, '_nodes' | 'value' | 'tags'> | null
}
/** A machine's states that are active together, and what is known to follow. */
type Place = Map<string, Plan>

/** More than any chart has; a map that grows on is a mistake, and is begun anew. */
const MAX_PLANS = 20_000
/** Actions of xstate that resolve to data and nothing else. */
const PLAIN: ReadonlySet<unknown> = new Set(['xstate.assign', 'xstate.enqueueActions', 'xstate.raise'])
/** An action that only xstate itself knows how to run. */
class Unplanned extends Error {}

export class Stepper {
  readonly #machine: AnyStateMachine
  readonly #scope: Scope
  readonly #places = new Map<string, Place>()
  readonly #placeOf = new WeakMap<readonly Node[], Place>()
  readonly #ids = new WeakMap<object, number>()
  /** History, invoked actors, final states, transitions without events and actions of an initial transition are left to xstate. */
  readonly #isPlain: boolean
  #lastId = 0
  #plans = 0

  constructor(machine: AnyStateMachine, scope: Scope) {
    this.#machine = machine
    this.#scope = scope
    const nodes = [...(machine as unknown as { idMap: Map<string, Node> }).idMap.values()]
    this.#isPlain = nodes.every(
      (it) =>
        it.type !== 'final' &&
        it.type !== 'history' &&
        it.invoke.length + (it.always?.length ?? 0) + (it.initial?.actions.length ?? 0) === 0,
    )
  }

  /** One event and all that it raises. Null where this is for xstate to do. Throws what guards and actions throw. */
  step(snapshot: AnyMachineSnapshot, event: Event): Macrostep | null {
    if (!this.#isPlain || snapshot.machine !== this.#machine) return null
    if (snapshot.status !== 'active' || event.type.startsWith('xstate.')) return null
    const queue: Event[] = []
    const actions: Executed[] = []
    const taken = this.#select(snapshot, event)
    try {
      let now = this.#micro(snapshot as Snapshot, taken, event, queue, actions)
      for (let next = queue.shift(); next !== undefined && now !== null; next = queue.shift())
        now = this.#micro(now, this.#select(now, next), next, queue, actions)
      return now === null ? null : { snapshot: now, actions, taken }
    } catch (error) {
      if (error instanceof Unplanned) return null
      throw error
    }
  }

  /** To be told of each microstep that xstate took. */
  learn(before: AnyMachineSnapshot, transitions: readonly unknown[], after: AnyMachineSnapshot): void {
    if (!this.#isPlain || transitions.length === 0 || after.status !== 'active' || before.machine !== this.#machine)
      return
    const plan = planOf(before as Snapshot, transitions as readonly Transition[], after as Snapshot)
    if (plan === null) return
    if (this.#plans++ >= MAX_PLANS) {
      for (const place of this.#places.values()) place.clear()
      this.#plans = 0
    }
    this.#place((before as Snapshot)._nodes).set(this.#keyOf(transitions as readonly Transition[]), plan)
  }

  #select(snapshot: AnyMachineSnapshot, event: Event): readonly Transition[] {
    return this.#machine.getTransitionData(snapshot as never, event) as readonly Transition[]
  }

  /** Null: not known yet. */
  #micro(
    before: Snapshot,
    transitions: readonly Transition[],
    event: Event,
    queue: Event[],
    out: Executed[],
  ): Snapshot | null {
    if (transitions.length === 0) return before
    const plan = this.#place(before._nodes).get(this.#keyOf(transitions))
    if (plan === undefined) return null
    let now = before
    for (const node of plan.exits) now = this.#act(now, node.exit, event, queue, out)
    for (const { actions } of transitions) now = this.#act(now, actions, event, queue, out)
    for (const node of plan.entries) now = this.#act(now, node.entry, event, queue, out)
    return plan.after === null ? now : { ...now, ...plan.after }
  }

  #act(before: Snapshot, actions: readonly unknown[], event: Event, queue: Event[], out: Executed[]): Snapshot {
    let now = before
    for (const action of actions) {
      const { name, body, params } = this.#resolved(action, now, event)
      if (body === undefined || !('resolve' in body)) {
        out.push({ type: name, params })
        continue
      }
      if (!PLAIN.has(body.type)) throw new Unplanned()
      const context: unknown = now.context
      const args = { context, event, self: this.#scope.self, system: this.#scope.system }
      const extra = { internalQueue: queue, deferredActorIds: undefined }
      const [next, given, more] = body.resolve(this.#scope, now, args, params, body, extra)
      now = next
      if ('execute' in body) out.push({ type: String(body.type), params: given })
      if (more !== undefined) now = this.#act(now, more, event, queue, out)
    }
    return now
  }

  #resolved(action: unknown, { context }: Snapshot, event: Event): Resolved {
    if (typeof action === 'function') return { name: action.name, body: action as Builtin, params: undefined }
    const named = action as string | { type: string; params?: unknown }
    const name = typeof named === 'string' ? named : named.type
    const given = typeof named === 'string' ? undefined : named.params
    const args = { context: context as unknown, event }
    const params = typeof given === 'function' ? (given as (it: typeof args) => unknown)(args) : given
    return { name, body: this.#machine.implementations.actions[name] as Builtin | undefined, params }
  }

  #place(nodes: readonly Node[]): Place {
    const known = this.#placeOf.get(nodes)
    if (known !== undefined) return known
    const key = nodes.map(({ id }) => id).join()
    const place = this.#places.get(key) ?? new Map<string, Plan>()
    this.#places.set(key, place)
    this.#placeOf.set(nodes, place)
    return place
  }

  #keyOf(transitions: readonly Transition[]): string {
    let key = ''
    for (const it of transitions) {
      let id = this.#ids.get(it)
      if (id === undefined) this.#ids.set(it, (id = ++this.#lastId))
      key += `${id},`
    }
    return key
  }
}

type Resolve = (
  ...args: unknown[]
) => readonly [next: Snapshot, params: unknown, actions: readonly unknown[] | undefined]
type Builtin = { readonly type: unknown; readonly resolve: Resolve } | (() => void)
interface Resolved {
  readonly name: string
  readonly body: Builtin | undefined
  readonly params: unknown
}

/** Null where transitions contend for a state, or one leaves the root: rare enough for xstate. */
function planOf(before: Snapshot, transitions: readonly Transition[], after: Snapshot): Plan | null {
  if (new Set(transitions).size < transitions.length) return null
  const exits = new Set<Node>()
  for (const transition of transitions) {
    const left = exitsOf(transition, before._nodes)
    if (left === null || left.some((node) => exits.has(node))) return null
    for (const node of left) exits.add(node)
  }
  const kept = new Set(before._nodes.filter((node) => !exits.has(node)))
  const entries = after._nodes.filter((node) => !kept.has(node)).sort((a, b) => a.order - b.order)
  const same = after._nodes.length === before._nodes.length && after._nodes.every((it) => before._nodes.includes(it))
  return {
    exits: [...exits].sort((a, b) => b.order - a.order),
    entries,
    // Many tickets will share it.
    after: same ? null : { _nodes: after._nodes, value: frozen(after.value as StateValue), tags: after.tags },
  }
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}

function exitsOf({ target, source, reenter }: Transition, nodes: readonly Node[]): readonly Node[] | null {
  if (target === undefined || target.length === 0) return []
  const inside = !reenter && target.every((it) => it === source || isWithin(it, source))
  const domain = inside
    ? source
    : ancestorsOf(target[0]).find((it) => [...target, source].every((at) => isWithin(at, it)))
  if (domain === undefined) return null
  return nodes.filter((node) => isWithin(node, domain) || (reenter && node === source && source === domain))
}

function ancestorsOf(node: Node | undefined): readonly Node[] {
  const ancestors: Node[] = []
  for (let at = node?.parent; at !== undefined; at = at.parent) ancestors.push(at)
  return ancestors
}
const isWithin = (node: Node, ancestor: Node): boolean => ancestorsOf(node).includes(ancestor)
