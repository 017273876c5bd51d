import { z } from 'zod'
import { ReasonCode } from '../../machines/events.js'
import { WorkPolicySchema } from '../../staff/worklist/index.js'
import { json, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { ProfileShape, WindowShape } from '../shapes.work.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'
import { workerOf } from '../workViews.js'
import { knownOffice } from './worklist.js'

const WindowBody = z.strictObject({
  officeId: z.string().min(1).max(64),
  minutes: z.int().min(1).max(1_440),
  reason: ReasonCode,
})
/** As the record of who did what takes it. */
export const StaffId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,95}$/)
const word = z.string().min(1).max(64)
const ProfileBody = z.strictObject({
  skills: z.array(word).max(50),
  offices: z.array(word).max(1_000).nullable(),
  wipLimit: z.int().min(0).max(100).nullable(),
})
const PolicyShape = z.strictObject({ version: z.int(), policy: WorkPolicySchema })

/** What supervisors and administrators set: who works on what, by which numbers, and when although it is closed. */
export const workDeskRoutes = (deps: ApiDeps): readonly Route[] => [
  ...opening(deps),
  ...profiles(deps),
  ...policies(deps),
]

const opening = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/worklist/windows',
    operationId: 'openReleaseWindow',
    summary: 'Buka pembagian tiket di luar jam operasional: for so many minutes, with a reason; recorded.',
    access: ['supervisor'],
    body: jsonSchema(WindowBody),
    reply: { status: 201, description: 'Open until then.', schema: WindowShape },
    problems: ['NOT_FOUND', 'ROLE_NOT_ALLOWED'],
    async handle(call) {
      const { officeId, minutes, reason } = bodyOf(call, WindowBody)
      const { desk } = deps.services.worklist
      const window = await desk.openWindow(workerOf(call), knownOffice(deps, officeId), minutes, reason)
      return json(201, { id: window.id, officeId, from: iso(window.fromAt), until: iso(window.untilAt) })
    },
  }),
]

const profiles = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/worklist/profiles/:staffId',
    operationId: 'getWorkProfile',
    summary: 'Profil kerja petugas: skills, offices and limit; what is null is decided by grants and the policy.',
    access: ['supervisor', 'admin', 'auditor'],
    reply: { status: 200, description: 'The profile.', schema: ProfileShape },
    problems: ['NOT_FOUND'],
    async handle(call) {
      const staffId = call.params['staffId'] ?? ''
      const profile = await deps.services.worklist.desk.profile(staffId)
      const { skills, offices, wipLimit } = profile ?? { skills: ['*'], offices: null, wipLimit: null }
      return ok({ staffId, skills, offices, wipLimit })
    },
  }),
  route({
    method: 'post',
    path: '/v1/worklist/profiles/:staffId',
    operationId: 'setWorkProfile',
    summary: 'Tetapkan profil kerja petugas; recorded.',
    access: ['supervisor', 'admin'],
    body: jsonSchema(ProfileBody),
    reply: { status: 200, description: 'The profile as it stands now.', schema: ProfileShape },
    problems: ['ROLE_NOT_ALLOWED'],
    async handle(call) {
      const staffId = parse(StaffId, call.params['staffId'] ?? '', 'path')
      const set = bodyOf(call, ProfileBody)
      await deps.services.worklist.desk.saveProfile(workerOf(call), { agentId: staffId, ...set })
      return ok({ staffId, ...set })
    },
  }),
]

const policies = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/worklist/policy',
    operationId: 'getWorkPolicy',
    summary: 'Aturan pembagian kerja yang berlaku; version 0 is the shipped one.',
    access: ['agent', 'checker', 'supervisor', 'admin', 'auditor'],
    reply: { status: 200, description: 'The policy.', schema: PolicyShape },
    problems: [],
    handle: async () => {
      const { version, policy } = await deps.services.worklist.desk.policy()
      return ok({ version, policy })
    },
  }),
  route({
    method: 'post',
    path: '/v1/worklist/policy',
    operationId: 'publishWorkPolicy',
    summary: 'Terbitkan aturan pembagian kerja sebagai versi berikutnya; recorded. Versions never change.',
    access: ['admin'],
    everyOffice: true,
    body: jsonSchema(WorkPolicySchema),
    reply: { status: 201, description: 'The version.', schema: PolicyShape },
    problems: ['CONFLICT'],
    async handle(call) {
      const policy = bodyOf(call, WorkPolicySchema)
      const version = await deps.services.worklist.desk.publish(workerOf(call), policy)
      return json(201, { version, policy })
    },
  }),
]

function bodyOf<T>(call: Call, schema: z.ZodType<T>): T {
  inspectBody(call.body, declaredNames(schema))
  return parse(schema, call.body, 'body')
}
