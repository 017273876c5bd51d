import { z } from 'zod'
import { ok, route, type ApiDeps, type Route } from '../context.js'
import { writeCookie } from '../staffCookies.js'
import { jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'
import { openedOf } from './session.js'

const code = z.string().regex(/^\d{6}$/)
const CodeBody = z.strictObject({ code })
const FactorBody = z.union([CodeBody, z.strictObject({ recoveryCode: z.string().min(1).max(64) })])
const FinishBody = z.strictObject({ renewal: z.string().min(1).max(1_024), code })
const Begun = z.strictObject({
  secret: z.string(),
  otpauth: z.string(),
  renewal: z.string().describe('Goes back with the first code, within ten minutes'),
})
const Codes = z.strictObject({ recoveryCodes: z.array(z.string()) })
const Renewed = Codes.extend({ expiresAt: z.string() })

const problems = ['SIGN_IN_REFUSED', 'TOO_MANY_REQUESTS', 'CROSS_SITE_REFUSED'] as const

/** A new authenticator and new recovery codes, by whoever still has a factor that counts; nobody else is needed for it. */
export const renewalRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/session/renewal',
    operationId: 'beginRenewal',
    summary:
      'Mengganti autentikator sendiri: begins with its code, or a recovery code. The old one counts until the new one’s first code.',
    access: 'session',
    body: jsonSchema(FactorBody),
    reply: { status: 200, description: 'A new secret, shown this once.', schema: Begun },
    problems,
    handle: async (call) => {
      const factor = parse(FactorBody, call.body, 'body')
      const { secret, uri, renewal } = await deps.services.staff.renewal.begin(await openedOf(deps, call), factor)
      return ok({ secret, otpauth: uri, renewal })
    },
  }),
  route({
    method: 'post',
    path: '/v1/session/renewal/confirmation',
    operationId: 'confirmRenewal',
    summary: 'Kode pertama dari autentikator pengganti. Answers new recovery codes, this once; sessions elsewhere end.',
    access: 'session',
    body: jsonSchema(FinishBody),
    reply: { status: 200, description: 'The new authenticator counts; a new cookie.', schema: Renewed },
    problems,
    handle: async (call) => {
      const given = parse(FinishBody, call.body, 'body')
      const { staff } = deps.services
      const { opened, recoveryCodes } = await staff.renewal.finish(
        await openedOf(deps, call),
        given.renewal,
        given.code,
      )
      const cookies = [writeCookie('session', opened.secret, staff.config)]
      return { ...ok({ recoveryCodes, expiresAt: iso(opened.session.expiresAt) }), cookies }
    },
  }),
  route({
    method: 'post',
    path: '/v1/session/recovery-codes',
    operationId: 'renewRecoveryCodes',
    summary: 'Sepuluh kode pemulihan baru, shown this once. The old ones open nothing any more.',
    access: 'session',
    body: jsonSchema(CodeBody),
    reply: { status: 200, description: 'The new codes.', schema: Codes },
    problems,
    handle: async (call) => {
      const given = parse(CodeBody, call.body, 'body')
      const opened = await openedOf(deps, call)
      return ok({ recoveryCodes: await deps.services.staff.renewal.recoveryCodes(opened, given.code) })
    },
  }),
]
