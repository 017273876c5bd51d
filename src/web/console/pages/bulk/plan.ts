/** What is to be done, while it is being put together: codes only, so that it may be kept through a reload. */
export interface Plan {
  readonly action: string
  readonly reason: string
  readonly staffId: string
  readonly officeId: string
  readonly document: string
  readonly flag: string
  readonly incidentId: string
  /** The trial and the run, once begun. */
  readonly dryId: string
  readonly runId: string
}
export const NO_PLAN: Plan = {
  ...{ action: '', reason: '', staffId: '', officeId: '', document: '', flag: '', incidentId: '' },
  ...{ dryId: '', runId: '' },
}
export type Field = 'reason' | 'staffId' | 'officeId' | 'document' | 'flag' | 'incidentId'

/** What each action asks for. */
export const ASKS = {
  assign: ['staffId', 'reason'],
  transfer: ['officeId', 'reason'],
  'documents.request': ['document', 'reason'],
  'promise.extend': ['flag'],
  'incident.link': ['incidentId'],
} as const satisfies Readonly<Record<string, readonly Field[]>>
export type Action = keyof typeof ASKS
export const isAction = (it: string): it is Action => Object.hasOwn(ASKS, it)

/** Null while something is missing. */
export function payloadOf(plan: Plan): Readonly<Record<string, unknown>> | null {
  const { action, reason, document } = plan
  if (!isAction(action)) return null
  const asked: readonly Field[] = ASKS[action]
  if (asked.some((it) => plan[it].trim() === '')) return null
  if (action === 'documents.request') return { documents: [{ kind: document, reason }] }
  return Object.fromEntries(asked.map((it) => [it, plan[it].trim()]))
}

export type Selection = { readonly ids: readonly string[] } | { readonly filter: Readonly<Record<string, unknown>> }

/** The filters of an address, named as the worklist names them there. */
export function filterOf(address: URLSearchParams): Readonly<Record<string, unknown>> {
  const named = [
    ['tenggat', 'group'],
    ['rute', 'route'],
    ['sebab', 'cause'],
    ['kantor', 'office'],
  ] as const
  const filter: Record<string, unknown> = {}
  for (const [name, to] of named) if (address.get(name)) filter[to] = address.get(name)
  if (address.get('tampilan') === 'free') filter['unassigned'] = true
  if (address.get('tampilan') === 'check') filter['state'] = 'approvalProposed'
  return filter
}
/** The same as a question to the worklist. */
export const searchOf = (filter: Readonly<Record<string, unknown>>): string =>
  new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)])).toString()
