import { z } from 'zod'
import type { GrantRow, StaffRow } from '../../../db/staff/identity.js'
import { PulihError } from '../../engine/errors.js'
import { STAFF_ROLES } from '../../staff/principal.js'
import { json, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'

/** The database's word for every office in a grant. */
const EVERY_OFFICE = '*'

const word = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
export const NewStaffBody = z.strictObject({
  staffNumber: word,
  username: z.string().regex(/^[a-z0-9][a-z0-9._-]{2,39}$/),
  name: z.string().trim().min(1).max(100),
  issuer: z.string().max(256).optional().describe('With `subject`: an account of this issuer, without a password here'),
  subject: z.string().max(256).optional(),
})
const RoleBody = z.strictObject({
  role: z.enum(STAFF_ROLES),
  officeId: word.nullable().describe('null: every office'),
})

const StaffShape = z.strictObject({
  staffId: z.string(),
  staffNumber: z.string(),
  username: z.string(),
  name: z.string(),
  local: z.boolean(),
  enrolled: z.boolean(),
  disabledAt: z.string().nullable(),
  createdAt: z.string(),
  grants: z.array(
    z.strictObject({
      role: z.string(),
      officeId: z.string().nullable(),
      grantedAt: z.string(),
      grantedBy: z.string(),
      revokedAt: z.string().nullable(),
      revokedBy: z.string().nullable(),
    }),
  ),
})
const OneTime = z.strictObject({
  staffId: z.string(),
  oneTimePassword: z.string().nullable().describe('Shown this once; null for accounts of an issuer'),
})

const ADMIN = ['admin'] as const
const CHANGE = [
  'NOT_FOUND',
  'OWN_ROLES',
  'LAST_ADMIN',
  'CROSS_SITE_REFUSED',
  'STEP_UP_REQUIRED',
  'AUDIT_UNAVAILABLE',
] as const

/** Accounts of the staff. Nobody changes their own; all of it is in the audit. */
export const staffRoutes = (deps: ApiDeps): readonly Route[] => [...reading(deps), ...accounts(deps), ...roles(deps)]

const reading = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/staff',
    operationId: 'listStaff',
    summary: 'Daftar petugas dengan peran, termasuk yang sudah dicabut.',
    access: ['admin', 'auditor'],
    everyOffice: true,
    reply: { status: 200, description: 'By user name.', schema: z.strictObject({ staff: z.array(StaffShape) }) },
    problems: [],
    handle: async () => {
      const all = await deps.services.staff.accounts.list()
      return ok({ staff: all.map((it) => staffView(it.staff, it.grants)) })
    },
  }),
]

const accounts = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/staff',
    operationId: 'createStaff',
    summary: 'Membuat akun petugas. Answers the one-time password, this once.',
    access: ADMIN,
    everyOffice: true,
    stepUp: true,
    body: jsonSchema(NewStaffBody),
    reply: { status: 201, description: 'Created; without any role yet.', schema: OneTime },
    problems: ['STAFF_EXISTS', 'CROSS_SITE_REFUSED', 'STEP_UP_REQUIRED', 'AUDIT_UNAVAILABLE'],
    handle: async (call) => {
      const { issuer, subject, ...order } = parse(NewStaffBody, call.body, 'body')
      const vouched = issuer === undefined || subject === undefined ? null : { issuer, subject }
      const made = await deps.services.staff.accounts.create({ ...order, subject: vouched }, call.actor)
      return json(201, { staffId: made.staff.id, oneTimePassword: made.oneTimePassword })
    },
  }),
  change(
    deps,
    'reset',
    'resetStaff',
    'Kata sandi sekali pakai baru; the authenticator and all sessions end.',
    async (id, call) => ({
      staffId: id,
      oneTimePassword: await deps.services.staff.accounts.reset(id, call.actor),
    }),
  ),
  change(deps, 'disable', 'disableStaff', 'Menonaktifkan akun: every session ends with it.', async (id, call) => {
    await deps.services.staff.accounts.disable(id, call.actor)
    return null
  }),
  change(deps, 'enable', 'enableStaff', 'Mengaktifkan kembali akun.', async (id, call) => {
    await deps.services.staff.accounts.enable(id, call.actor)
    return null
  }),
]

function change(
  deps: ApiDeps,
  verb: string,
  operationId: string,
  summary: string,
  run: (id: string, call: Call) => Promise<{ staffId: string; oneTimePassword: string } | null>,
): Route {
  return route({
    method: 'post',
    path: `/v1/staff/:id/${verb}`,
    operationId,
    summary,
    access: ADMIN,
    everyOffice: true,
    stepUp: true,
    reply: { status: 200, description: 'Done.', schema: z.union([OneTime, StaffShape]) },
    problems: CHANGE,
    handle: async (call) => {
      const id = call.params['id'] ?? ''
      const shown = await run(id, call)
      return ok(shown ?? (await viewOf(deps, id)))
    },
  })
}

const roles = (deps: ApiDeps): readonly Route[] =>
  (['grant', 'revoke'] as const).map((verb) =>
    route({
      method: 'post',
      path: `/v1/staff/:id/roles/${verb}`,
      operationId: `${verb}Role`,
      summary:
        verb === 'grant'
          ? 'Memberi peran, untuk satu kantor atau semua. Nobody grants to themselves.'
          : 'Mencabut peran: counts at the next request, in every process.',
      access: ADMIN,
      everyOffice: true,
      stepUp: true,
      body: jsonSchema(RoleBody),
      reply: { status: 200, description: 'As it is now.', schema: StaffShape },
      problems: CHANGE,
      handle: async (call) => {
        const id = call.params['id'] ?? ''
        await deps.services.staff.accounts[verb](id, parse(RoleBody, call.body, 'body'), call.actor)
        return ok(await viewOf(deps, id))
      },
    }),
  )

async function viewOf({ services: { staff } }: ApiDeps, id: string) {
  const found = (await staff.accounts.list()).find((it) => it.staff.id === id)
  if (found === undefined) throw new PulihError('NOT_FOUND', 'nobody of this id')
  return staffView(found.staff, found.grants)
}

/** Neither password nor secret, hashed or not. */
const staffView = (staff: StaffRow, grants: readonly GrantRow[]) => ({
  staffId: staff.id,
  staffNumber: staff.staffNumber,
  username: staff.username,
  name: staff.name,
  local: staff.passwordHash !== null,
  enrolled: staff.totpConfirmed,
  disabledAt: isoOrNull(staff.disabledAt),
  createdAt: iso(staff.createdAt),
  grants: grants.map(({ role, officeId, grantedAt, grantedBy, revokedAt, revokedBy }) => ({
    role,
    officeId: officeId === EVERY_OFFICE ? null : officeId,
    grantedAt: iso(grantedAt),
    grantedBy,
    revokedAt: isoOrNull(revokedAt),
    revokedBy,
  })),
})
