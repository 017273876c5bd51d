import type { AnyStateNode } from 'xstate'

/** One branch of a transition as the statechart declares it. */
export interface Branch {
  readonly event: string
  /** Guard in words, empty when there is none. */
  readonly guard: string
  /** The leaf it leads to; null: it stays. */
  readonly target: string | null
  /** Key of the state node that declares it. */
  readonly owner: string
}

/** The regions of a parallel machine, or the machine itself as the only one. */
export const regionsOf = (root: AnyStateNode): readonly AnyStateNode[] =>
  root.type === 'parallel' ? Object.values(root.states as Record<string, AnyStateNode>) : [root]

/** Every state without inner states, in the order of the file. */
export function leavesOf(node: AnyStateNode): readonly AnyStateNode[] {
  const inner = Object.values(node.states as Record<string, AnyStateNode>)
  return inner.length === 0 ? [node] : inner.flatMap(leavesOf)
}

/** What happens to `event` in a leaf: inner branches first, then those of the states around it, up to one that always applies. */
export function branchesOf(leaf: AnyStateNode, event: string, region: AnyStateNode): readonly Branch[] {
  const branches: Branch[] = []
  for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) {
    for (const branch of ownBranches(node).filter((it) => it.event === event)) {
      if (!branches.some((it) => it.guard === branch.guard)) branches.push(branch)
      if (branch.guard === '') return branches
    }
    if (node === region) break
  }
  return branches
}

/** The branches a state node declares itself. */
export function ownBranches(node: AnyStateNode): readonly Branch[] {
  return [...node.transitions].flatMap(([event, transitions]) =>
    transitions.map(({ target, guard, reenter }) => ({
      event,
      guard: guardText(guard),
      target: target?.[0] === undefined || (target[0] === node && !reenter) ? null : initialLeaf(target[0]).key,
      owner: node.key,
    })),
  )
}

function initialLeaf(node: AnyStateNode): AnyStateNode {
  const [first] = node.type === 'compound' ? node.initial.target : []
  return first === undefined ? node : initialLeaf(first)
}

/** `and([a, not(b)])` reads `a and not b`. */
export function guardText(guard: unknown): string {
  if (guard === undefined || guard === null) return ''
  if (typeof guard === 'string') return guard
  const { type, guards, check, name } = guard as {
    type?: string
    name?: string
    guards?: readonly unknown[]
    check?: { name?: string }
  }
  if (guards === undefined) return type ?? name ?? 'condition'
  const parts = guards.map(guardText)
  if (check?.name === 'checkNot') return `not ${parts.join(' ')}`
  return parts.join(check?.name === 'checkOr' ? ' or ' : ' and ')
}

/** Actions with a name: the effects, with their parameters where those are fixed. */
export function namedActions(node: AnyStateNode): readonly { type: string; params: unknown }[] {
  const own = [...node.entry, ...node.exit, ...[...node.transitions.values()].flat().flatMap((it) => it.actions)]
  const inner = Object.values(node.states as Record<string, AnyStateNode>)
  return [...own.flatMap(named), ...inner.flatMap(namedActions)]
}
function named(action: unknown): { type: string; params: unknown }[] {
  if (typeof action === 'string') return [{ type: action, params: undefined }]
  if (typeof action !== 'object' || action === null) return []
  const { type, params } = action as { type?: string; params?: unknown }
  return type === undefined ? [] : [{ type, params }]
}
