import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import { IDLE_MS, PASSWORD_MAX, sessionIdOf, type NewSession, type OpenedSession } from '../../staff/identity/index.js'
import type { Principal } from '../../staff/principal.js'
import { ok, route, type ApiDeps, type Call, type Reply, type Route } from '../context.js'
import { networkOf } from '../../networks.js'
import { readCookie, writeCookie } from '../staffCookies.js'
import { jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'

const secret = z.string().min(1).max(PASSWORD_MAX)
const username = z.string().min(1).max(64)
const code = z.string().regex(/^\d{6}$/)
const SignInBody = z.strictObject({ username, password: secret })
const FactorBody = z.union([z.strictObject({ code }), z.strictObject({ recoveryCode: z.string().min(1).max(64) })])
const PasswordBody = z.strictObject({ password: secret, current: secret.optional() })
const CodeBody = z.strictObject({ code })

const Step = z.strictObject({ next: z.enum(['password', 'enrol', 'totp', 'open']), expiresAt: z.string() })
const Session = z.strictObject({
  staffId: z.string(),
  username: z.string(),
  name: z.string(),
  roles: z.array(z.strictObject({ role: z.string(), officeId: z.string().nullable().describe('null: every office') })),
  offices: z.array(z.string()).nullable().describe('null: every office'),
  session: z.strictObject({
    id: z.string(),
    via: z.enum(['local', 'oidc']),
    startedAt: z.string(),
    steppedUpAt: z.string().nullable(),
    idleUntil: z.string(),
    expiresAt: z.string(),
  }),
  recoveryCodesLeft: z.int().nullable().describe('Of the own ones; null: signed in elsewhere'),
})
const Enrolment = z.strictObject({ secret: z.string(), otpauth: z.string() })
const Confirmed = z.strictObject({ recoveryCodes: z.array(z.string()), next: z.literal('open'), expiresAt: z.string() })

/** How somebody of the staff signs in, step by step; each step answers with a new cookie (A41). Own sessions: sessions.ts. */
export const sessionRoutes = (deps: ApiDeps): readonly Route[] => [...steps(deps), ...firstTime(deps), ...proof(deps)]

const steps = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/session',
    operationId: 'signIn',
    summary: 'Masuk dengan nama pengguna dan kata sandi. `next` says which step follows: password, enrol, totp.',
    access: 'open',
    body: jsonSchema(SignInBody),
    reply: { status: 200, description: 'The next step; a cookie holds the sign-in.', schema: Step },
    problems: ['SIGN_IN_REFUSED', 'TOO_MANY_REQUESTS', 'CROSS_SITE_REFUSED'],
    handle: async (call) => {
      const { username: given, password } = parse(SignInBody, call.body, 'body')
      const { signIn } = deps.services.staff
      return stepped(deps, await signIn.password(given.trim().toLowerCase(), password, networkOf(call.ip)))
    },
  }),
  route({
    method: 'get',
    path: '/v1/session',
    operationId: 'getSession',
    summary: 'Siapa yang masuk: peran, kantor, dan kapan sesi berakhir.',
    access: 'session',
    reply: { status: 200, description: 'The own session.', schema: Session },
    problems: [],
    handle: async (call) => {
      const opened = await openedOf(deps, call)
      const recoveryCodesLeft =
        opened.session.via === 'local' ? await deps.store.staff.countRecoveryCodes(opened.staff.id) : null
      return ok({ ...sessionView(opened, call.principal), recoveryCodesLeft })
    },
  }),
  route({
    method: 'post',
    path: '/v1/session/totp',
    operationId: 'signInCode',
    summary: 'Langkah kedua: kode dari aplikasi autentikator, atau satu kode pemulihan.',
    access: 'signIn',
    body: jsonSchema(FactorBody),
    reply: { status: 200, description: 'Signed in; a new cookie.', schema: Step },
    problems: ['UNAUTHENTICATED', 'SIGN_IN_REFUSED', 'TOO_MANY_REQUESTS', 'CROSS_SITE_REFUSED'],
    handle: async (call) => {
      const factor = parse(FactorBody, call.body, 'body')
      const opened = await openedOf(deps, call)
      return stepped(deps, await deps.services.staff.signIn.factor(opened, factor, networkOf(call.ip)))
    },
  }),
]

const firstTime = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/session/password',
    operationId: 'choosePassword',
    summary: 'Mengganti kata sandi sekali pakai, or the own one (with `current`). All other sessions end.',
    access: 'signIn',
    body: jsonSchema(PasswordBody),
    reply: { status: 200, description: 'The next step; a new cookie.', schema: Step },
    problems: ['UNAUTHENTICATED', 'SIGN_IN_REFUSED', 'PASSWORD_REFUSED', 'TOO_MANY_REQUESTS', 'CROSS_SITE_REFUSED'],
    handle: async (call) => {
      const { password, current } = parse(PasswordBody, call.body, 'body')
      const opened = await openedOf(deps, call)
      return stepped(deps, await deps.services.staff.signIn.choosePassword(opened, password, current ?? null))
    },
  }),
  route({
    method: 'post',
    path: '/v1/session/enrolment',
    operationId: 'enrolAuthenticator',
    summary: 'Mendaftarkan aplikasi autentikator: rahasia dan URI otpauth untuk kode QR, ditampilkan sekali.',
    access: 'signIn',
    reply: { status: 200, description: 'A new secret; it counts once its first code has come.', schema: Enrolment },
    problems: ['UNAUTHENTICATED', 'CROSS_SITE_REFUSED'],
    handle: async (call) => {
      const { secret: it, uri } = await deps.services.staff.signIn.enrol(await openedOf(deps, call))
      return ok({ secret: it, otpauth: uri })
    },
  }),
  route({
    method: 'post',
    path: '/v1/session/enrolment/confirmation',
    operationId: 'confirmAuthenticator',
    summary: 'Kode pertama dari autentikator baru. Answers the recovery codes, this once.',
    access: 'signIn',
    body: jsonSchema(CodeBody),
    reply: { status: 200, description: 'Signed in; a new cookie.', schema: Confirmed },
    problems: ['UNAUTHENTICATED', 'SIGN_IN_REFUSED', 'TOO_MANY_REQUESTS', 'CROSS_SITE_REFUSED'],
    handle: async (call) => {
      const given = parse(CodeBody, call.body, 'body')
      const at = await openedOf(deps, call)
      const done = await deps.services.staff.signIn.confirm(at, given.code, networkOf(call.ip))
      const expiresAt = iso(done.opened.session.expiresAt)
      return withCookie(deps, done.opened, ok({ recoveryCodes: done.recoveryCodes, next: 'open', expiresAt }))
    },
  }),
]

const proof = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/session/step-up',
    operationId: 'stepUp',
    summary: 'Bukti baru dalam sesi berjalan: kode autentikator. The session gets a new cookie, not a longer life.',
    access: 'session',
    body: jsonSchema(CodeBody),
    reply: { status: 200, description: 'Proven again; a new cookie.', schema: Step },
    problems: ['SIGN_IN_REFUSED', 'TOO_MANY_REQUESTS', 'CROSS_SITE_REFUSED'],
    handle: async (call) => {
      const given = parse(CodeBody, call.body, 'body')
      return stepped(deps, await deps.services.staff.signIn.stepUp(await openedOf(deps, call), given.code))
    },
  }),
]

/** The session behind the call's cookie, at whichever step. Throws UNAUTHENTICATED. */
export async function openedOf({ services: { staff } }: ApiDeps, call: Call): Promise<OpenedSession> {
  const opened = await staff.sessions.open(readCookie(call.header('cookie'), 'session', staff.config))
  if (opened === null) throw new PulihError('UNAUTHENTICATED', 'nobody signs in or is signed in')
  return opened
}

const stepped = (deps: ApiDeps, it: NewSession): Reply =>
  withCookie(deps, it, ok({ next: it.session.stage, expiresAt: iso(it.session.expiresAt) }))

const withCookie = ({ services: { staff } }: ApiDeps, it: NewSession, reply: Reply): Reply => ({
  ...reply,
  cookies: [writeCookie('session', it.secret, staff.config)],
})

function sessionView({ session, staff }: OpenedSession, principal: Principal | null) {
  const roles = principal?.grants ?? []
  const everywhere = roles.some((it) => it.officeId === null)
  return {
    staffId: staff.id,
    username: staff.username,
    name: staff.name,
    roles,
    offices: everywhere ? null : [...new Set(roles.map((it) => it.officeId))],
    session: {
      id: sessionIdOf(session),
      via: session.via,
      startedAt: iso(session.startedAt),
      steppedUpAt: isoOrNull(session.steppedUpAt),
      idleUntil: iso(Math.min(session.seenAt + IDLE_MS, session.expiresAt)),
      expiresAt: iso(session.expiresAt),
    },
  }
}
