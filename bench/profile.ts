import { Session, type Profiler } from 'node:inspector/promises'

/** Where the time of a piece of work went, in percent of what was not idle, by the part of the program. */
export type Shares = Readonly<Record<string, number>>

/** First match wins. A frame that is in none of these (a library, Node itself) counts for whoever called it. */
const PARTS: readonly (readonly [part: string, is: (url: string, name: string) => boolean])[] = [
  ['garbage collection', (_url, name) => name === '(garbage collector)'],
  ['serialize', (url) => url.includes('/db/jsonText')],
  ['commit', (url) => url.includes('/db/writer.sqlite')],
  ['read', (url) => url.includes('/db/')],
  ['statechart', (url) => url.includes('/xstate/') || url.includes('/src/machines/')],
  ['parse', (url) => url.includes('/zod/')],
  ['plan', (url) => /\/src\/(calendar\/|engine\/(plan|clocks|promise|schedule|measure))/.test(url)],
  ['engine', (url) => url.includes('/src/engine/')],
  ['bench', (url) => url.includes('/bench/')],
]

/** Runs `work` under the sampling profiler (which slows it by a tenth or so: no figure for speed). */
export async function profiled(work: () => Promise<unknown>): Promise<Shares> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  await work()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  return sharesOf(profile)
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Shares {
  const partOf = new Map<number, string>()
  const children = new Map(nodes.map((node) => [node.id, node]))
  const visit = (id: number, inherited: string): void => {
    const node = children.get(id)
    if (node === undefined) return
    const { url, functionName } = node.callFrame
    const part = PARTS.find(([, is]) => is(url, functionName))?.[0] ?? inherited
    partOf.set(id, functionName === '(idle)' ? 'idle' : part)
    for (const child of node.children ?? []) visit(child, part)
  }
  const [root] = nodes
  if (root !== undefined) visit(root.id, 'node')
  const spent = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const part = partOf.get(id) ?? 'node'
    if (part !== 'idle') spent.set(part, (spent.get(part) ?? 0) + (timeDeltas[index] ?? 0))
  }
  const total = [...spent.values()].reduce((sum, it) => sum + it, 0)
  const shares = [...spent].sort(([, a], [, b]) => b - a).map(([part, us]) => [part, Math.round((us / total) * 100)])
  return Object.fromEntries(shares) as Shares
}
