import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { liveList, liveTicket } from '../app/live.js'
import { get } from './client.js'
import type {
  Assignments,
  Clocks,
  Colleagues,
  Competing,
  Documents,
  Draft,
  History,
  MessageLog,
  Notes,
  Offices,
  Person,
  Reasons,
  Risk,
  SideBySide,
  Ticket,
  TicketWorkflow,
  TypeDescription,
  TypeList,
  Verification,
  WorklistPage,
} from './types.js'

/** Every question that the pages ask, by name. Views of personal data are asked for once, by a person, and never again by a clock. */
const ONCE = { staleTime: Infinity, refetchOnReconnect: false, retry: false } as const

export const worklistQuery = (search: string) =>
  queryOptions({
    queryKey: ['worklist', search],
    queryFn: ({ signal }) => get<WorklistPage>(`/v1/worklist${search === '' ? '' : `?${search}`}`, signal),
    placeholderData: keepPreviousData,
    meta: liveList,
  })

const under = (id: string, what: string) => `/v1/tickets/${encodeURIComponent(id)}${what}`
export const ticketPath = under

/** What else hangs on a ticket is asked for again when its revision has moved (pages/ticket/seen.ts). */
export const ticketQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id],
    queryFn: ({ signal }) => get<Ticket>(under(id, ''), signal),
    meta: liveTicket(id),
  })
/** The last hundred entries stand for the whole history of all but the most talkative tickets; older ones are asked for page by page. */
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'history'],
    queryFn: async ({ signal }): Promise<History['items']> => {
      const all: History['items'] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page: History = await get<History>(under(id, `/history?limit=100${after}`), signal)
        all.push(...page.items)
        cursor = page.next
      }
      return all
    },
  })
export const ticketWorkflowQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'workflow'],
    queryFn: ({ signal }) => get<TicketWorkflow>(under(id, '/workflow'), signal),
  })
export const clocksQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'clocks'],
    queryFn: ({ signal }) => get<Clocks>(under(id, '/clocks'), signal),
    meta: liveTicket(id),
  })
export const verificationQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'verification'],
    queryFn: ({ signal }) => get<Verification>(under(id, '/verification'), signal),
  })
export const riskQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'risk'],
    queryFn: ({ signal }) => get<Risk>(under(id, '/risk'), signal),
  })
export const documentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'documents'],
    queryFn: ({ signal }) => get<Documents>(under(id, '/documents'), signal),
  })
export const notesQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'notes'],
    queryFn: ({ signal }) => get<Notes>(under(id, '/notes'), signal),
  })
export const messagesQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'messages'],
    queryFn: ({ signal }) => get<MessageLog>(under(id, '/messages'), signal),
  })
export const assignmentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'assignments'],
    queryFn: ({ signal }) => get<Assignments>(under(id, '/assignments'), signal),
    meta: liveTicket(id),
  })
export const colleaguesQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'colleagues'],
    queryFn: ({ signal }) => get<Colleagues>(under(id, '/colleagues'), signal),
  })
export const competingQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'competing'],
    queryFn: ({ signal }) => get<Competing>(under(id, '/competing'), signal),
  })

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id],
    queryFn: ({ signal }) => get<Person>(under(id, '/person'), signal),
    ...ONCE,
  })
export const comparisonQuery = (id: string) =>
  queryOptions({
    queryKey: ['comparison', id],
    queryFn: ({ signal }) => get<SideBySide>(under(id, '/comparison'), signal),
    ...ONCE,
  })
export const noteDraftQuery = (id: string) =>
  queryOptions({
    queryKey: ['note-draft', id],
    queryFn: ({ signal }) => get<Draft>(under(id, '/note-draft'), signal),
    ...ONCE,
    gcTime: 0,
  })

export const officesQuery = queryOptions({
  queryKey: ['offices'],
  queryFn: ({ signal }) => get<Offices>('/v1/offices', signal),
  staleTime: 60_000,
})
export const reasonsQuery = queryOptions({
  queryKey: ['reasons'],
  queryFn: ({ signal }) => get<Reasons>('/v1/reasons', signal),
  staleTime: Infinity,
})
export const typesQuery = queryOptions({
  queryKey: ['types'],
  queryFn: ({ signal }) => get<TypeList>('/v1/types', signal),
  staleTime: Infinity,
})
export const typeQuery = (type: string) =>
  queryOptions({
    queryKey: ['type', type],
    queryFn: ({ signal }) => get<TypeDescription>(`/v1/types/${encodeURIComponent(type)}`, signal),
    staleTime: Infinity,
  })
