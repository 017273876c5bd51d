import { z } from 'zod'
import { riskCode } from '../../intake/riskCodes.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { visibleHead } from '../ticketViews.js'
import { iso } from '../words.js'

const Reason = z.strictObject({ id: z.string(), en: z.string() })
const Risk = z.strictObject({
  ticketId: z.string(),
  flags: z.array(
    z.strictObject({
      code: z.string(),
      reason: Reason,
      elevates: z.boolean(),
      branch: z.boolean(),
      otherTicketId: z.string().nullable(),
      raisedAt: z.string(),
    }),
  ),
  competing: z.array(z.string()),
  match: z
    .strictObject({
      outcome: z.enum(['found', 'notFound']),
      participantId: z.string().nullable(),
      identityVersion: z.int(),
      findings: z.array(z.strictObject({ code: z.string(), reason: Reason })),
      matchedAt: z.string(),
    })
    .nullable(),
})

/** For officers only: nothing of this is told to whoever filed (R-ENUM-2). */
export const riskRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/risk',
    operationId: 'getRisk',
    summary:
      'Tanda risiko, pengaduan lain untuk NIK yang sama, dan hasil pencocokan data peserta. Codes with their reasons.',
    access: ['agent', 'checker', 'supervisor'],
    reply: { status: 200, description: 'They route and lengthen the hold; none rejects.', schema: Risk },
    problems: ['TICKET_NOT_FOUND'],
    handle: (call) => risk(deps, call),
  }),
]

async function risk(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  const { people } = deps.store.intake
  const [flags, competing, match] = await Promise.all([
    people.flagsOf(ticketId),
    people.competingWith(ticketId),
    people.findMatch(ticketId),
  ])
  return ok({
    ticketId,
    flags: flags.map(({ code, detail, raisedAt }) => {
      const { reason, elevates, branch = false } = riskCode(code)
      const other = detail['otherTicketId']
      const otherTicketId = typeof other === 'string' ? other : null
      return { code, reason, elevates, branch, otherTicketId, raisedAt: iso(raisedAt) }
    }),
    competing,
    match:
      match === null
        ? null
        : {
            outcome: match.outcome,
            participantId: match.participantId,
            identityVersion: match.identityVersion,
            findings: codesOf(match.findings).map((code) => ({ code, reason: riskCode(code).reason })),
            matchedAt: iso(match.matchedAt),
          },
  })
}

const codesOf = ({ codes }: Readonly<Record<string, unknown>>): readonly string[] =>
  Array.isArray(codes) ? codes.filter((it) => typeof it === 'string') : []
