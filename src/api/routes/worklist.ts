import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import { checkEmail } from '../../intake/email.js'
import { checkKpj } from '../../intake/kpj.js'
import { checkNik } from '../../intake/nik.js'
import { checkPhone } from '../../intake/phone.js'
import type { Sought } from '../../staff/worklist/index.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { readCursor, writeCursor } from '../cursor.js'
import { inspectBody } from '../personalData.js'
import { FoundShape, WorklistPageShape } from '../shapes.work.js'
import { declaredNames, jsonSchema, parse, validationFailed } from '../validation.js'
import { filterFields } from '../worklistFilter.js'
import { groupView, rowView, workerOf } from '../workViews.js'

/** People who work on tickets. */
export const WORKERS = ['agent', 'checker', 'supervisor'] as const
const flag = z
  .enum(['true', 'false'])
  .transform((it) => it === 'true')
  .optional()

const ListQuery = z.strictObject({
  ...filterFields(flag),
  mine: flag,
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(512).optional(),
})
type ListQuery = z.infer<typeof ListQuery>
const SearchBody = z.strictObject({
  by: z.enum(['ticketNumber', 'nik', 'kpj', 'email', 'phone']),
  value: z.string().min(1).max(254),
})
/** The one field that takes a value that says who somebody is. */
const TYPED = new Set(['/value'])

/** The list itself. Claims are under the tickets that they are about (claims.ts). */
export const worklistRoutes = (deps: ApiDeps): readonly Route[] => [
  route<ListQuery>({
    method: 'get',
    path: '/v1/worklist',
    operationId: 'getWorklist',
    summary:
      'Daftar kerja: tickets of the caller’s offices that wait for an officer, earliest deadline first, in groups with counts.',
    access: WORKERS,
    query: ListQuery,
    reply: { status: 200, description: 'One page.', schema: WorklistPageShape },
    problems: ['CURSOR_MALFORMED'],
    handle: (call) => list(deps, call),
  }),
  route({
    method: 'post',
    path: '/v1/worklist/search',
    operationId: 'searchWorklist',
    summary: 'Mencari tiket: exactly by ticket number, NIK, KPJ, e-mail or phone. Counted per person, and recorded.',
    access: WORKERS,
    body: jsonSchema(SearchBody),
    reply: { status: 200, description: 'At most 20 tickets.', schema: FoundShape },
    problems: ['TOO_MANY_REQUESTS'],
    handle: (call) => search(deps, call),
  }),
]

async function list(deps: ApiDeps, call: Call<ListQuery>) {
  const worker = workerOf(call)
  const { limit, cursor, ...query } = call.query
  const scope = { list: 'worklist', query }
  const page = await deps.services.worklist.listing.page(worker, query, limit, readCursor(cursor, scope))
  return ok({
    items: page.items.map((it) => rowView(deps, worker.id, it)),
    next: writeCursor(page.next, scope),
    groups: page.groups?.map(groupView) ?? null,
  })
}

async function search(deps: ApiDeps, call: Call) {
  inspectBody(call.body, declaredNames(SearchBody), TYPED)
  const worker = workerOf(call)
  const found = await deps.services.worklist.search.find(worker, soughtIn(parse(SearchBody, call.body, 'body')))
  return ok({ items: found.map((it) => rowView(deps, worker.id, it)) })
}

/** Normalised as it was when it was filed. Throws VALIDATION_FAILED for what is none. */
function soughtIn({ by, value }: z.infer<typeof SearchBody>): Sought {
  if (by === 'ticketNumber') return { by, value: value.trim().toUpperCase() }
  const checked = { nik: checkNik, kpj: checkKpj, email: checkEmail, phone: checkPhone }[by](value)
  if (!checked.ok || checked.value === null)
    throw validationFailed([
      {
        in: 'body',
        pointer: '/value',
        code: checked.ok ? 'required' : checked.code,
        message: { id: 'Nilai ini tidak dapat dicari sebagai jenis tersebut.', en: 'This is no value of that kind.' },
      },
    ])
  return { by, value: by === 'email' ? checked.value.toLowerCase() : checked.value }
}

/** The office named in a path or body. Throws NOT_FOUND. */
export function knownOffice({ engine }: Pick<ApiDeps, 'engine'>, officeId: string): string {
  if (!engine.reference.hasOffice(officeId)) throw new PulihError('NOT_FOUND', 'no such office')
  return officeId
}
