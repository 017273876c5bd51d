import { raise } from 'xstate'

/**
 * xstate's `assign` and `enqueueActions`, written for the hot path: same protocol, same types, same result (a test compares them).
 * `assign` copies a context with `Object.assign`, which costs ten times a spread on thirty names, and works the state value out
 * anew although no state changed; `enqueueActions` makes ten functions a call. Together they were a quarter of a transition.
 */
type Snapshot = Readonly<Record<string, unknown>> & { readonly context: object }
/** What xstate asks of an action that it resolves itself: the next snapshot, nothing to execute, the actions that follow. */
type Resolved = readonly [snapshot: Snapshot, params: undefined, actions: readonly unknown[] | undefined]
type Resolve = (scope: unknown, snapshot: Snapshot, args: { event: unknown }) => Resolved

function resolvable(type: string, resolve: Resolve): never {
  const action = () => undefined
  return Object.assign(action, { type, resolve }) as never
}

/** Changes the context: a pure function of context and event. */
export const assigning = (patch: (args: { context: never; event: never }) => object): never =>
  resolvable('xstate.assign', (_scope, snapshot, { event }) => [
    withContext(snapshot, patch({ context: snapshot.context as never, event: event as never })),
    undefined,
    undefined,
  ])

/** Collects what an action comes to: effects, changes of the context, events for the other regions. */
export interface Enqueue<Effects = { type: string; params: Readonly<Record<string, unknown>> }> {
  (effect: Effects): void
  assign(patch: object): void
  raise(event: { type: string }): void
}

/**
 * An action that is several, depending on context and event. What it assigns holds before the effects and events that it enqueued are run:
 * they are data already, so the order between them makes no difference.
 */
export const enqueueing = (body: (args: { context: never; event: never; enqueue: Enqueue }) => void): never =>
  resolvable('xstate.enqueueActions', (_scope, snapshot, { event }) => {
    let next = snapshot
    const actions: unknown[] = []
    const enqueue: Enqueue = (effect) => void actions.push(effect)
    enqueue.assign = (patch) => void (next = withContext(next, patch))
    enqueue.raise = (raised) => void actions.push(raise(raised as never))
    body({ context: snapshot.context as never, event: event as never, enqueue })
    return [next, undefined, actions.length === 0 ? undefined : actions]
  })

/** The states are the same, and with them value, nodes and tags. */
const withContext = (snapshot: Snapshot, patch: object): Snapshot => ({
  ...snapshot,
  context: { ...snapshot.context, ...patch },
})
