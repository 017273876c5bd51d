import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import { IDLE_MS, sessionIdOf } from '../../staff/identity/index.js'
import { ok, route, type ApiDeps, type Call, type Reply, type Route } from '../context.js'
import { PROBLEM_TEXTS } from '../problemTexts.js'
import { readCookie, writeCookie } from '../staffCookies.js'
import { jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'
import { openedOf } from './session.js'

const EndBody = z.strictObject({ id: z.string().max(64).optional().describe('Absent: all others') })
const Sessions = z.strictObject({
  sessions: z.array(
    z.strictObject({
      id: z.string(),
      own: z.boolean(),
      via: z.string(),
      startedAt: z.string(),
      seenAt: z.string(),
      expiresAt: z.string(),
    }),
  ),
})
const Ended = z.strictObject({ ended: z.int() })
const Out = z.strictObject({ issuer: z.string().nullable().describe('Where the issuer signs people out') })
const CALLBACK_QUERY = z.record(z.string(), z.string())

/** Signing out, the own sessions elsewhere, and the way by the institution's issuer. */
export const ownSessionRoutes = (deps: ApiDeps): readonly Route[] => [...endings(deps), ...byIssuer(deps)]

const endings = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/session/end',
    operationId: 'signOut',
    summary: 'Keluar. The cookie opens nothing from now on, here and in every process.',
    access: 'session',
    reply: { status: 200, description: 'Signed out.', schema: Out },
    problems: ['CROSS_SITE_REFUSED'],
    handle: async (call) => {
      const { staff } = deps.services
      const opened = await openedOf(deps, call)
      await staff.signIn.end(opened)
      // Signed out here is signed out, whether or not the issuer answers.
      const issuer = opened.session.via === 'oidc' ? await staff.oidc?.logoutUrl().catch(() => null) : null
      return { ...ok({ issuer: issuer ?? null }), cookies: [writeCookie('session', null, staff.config)] }
    },
  }),
  route({
    method: 'get',
    path: '/v1/session/list',
    operationId: 'listOwnSessions',
    summary: 'Sesi sendiri yang masih berjalan, di mana pun.',
    access: 'session',
    reply: { status: 200, description: 'Latest used first.', schema: Sessions },
    problems: [],
    handle: async (call) => {
      const { session, staff } = await openedOf(deps, call)
      const rows = await deps.store.staff.sessionsOf(staff.id, deps.clock.now(), IDLE_MS)
      return ok({
        sessions: rows.map((it) => ({
          id: sessionIdOf(it),
          own: it.hash === session.hash,
          via: it.via,
          startedAt: iso(it.startedAt),
          seenAt: iso(it.seenAt),
          expiresAt: iso(it.expiresAt),
        })),
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/session/list/end',
    operationId: 'endOwnSessions',
    summary: 'Mengakhiri satu sesi sendiri yang lain, or all others.',
    access: 'session',
    body: jsonSchema(EndBody),
    reply: { status: 200, description: 'How many ended.', schema: Ended },
    problems: ['NOT_FOUND', 'CROSS_SITE_REFUSED'],
    handle: async (call) => {
      const { id } = parse(EndBody, call.body, 'body')
      const { session, staff } = await openedOf(deps, call)
      const now = deps.clock.now()
      if (id === undefined)
        return ok({ ended: await deps.store.staff.endSessionsOf(staff.id, session.hash, now, staff.id) })
      const rows = await deps.store.staff.sessionsOf(staff.id, now, IDLE_MS)
      const found = rows.find((it) => sessionIdOf(it) === id)
      if (found === undefined) throw new PulihError('NOT_FOUND', 'no own session of this id')
      await deps.services.staff.signIn.end({ session: found, staff })
      return ok({ ended: 1 })
    },
  }),
]

const byIssuer = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/session/oidc',
    operationId: 'beginOidc',
    summary: 'Masuk lewat penyedia identitas lembaga: sends the browser there. `?fresh=true` asks for a new proof.',
    access: 'open',
    query: z.strictObject({ fresh: z.enum(['true', 'false']).optional() }),
    reply: { status: 303, description: 'Location is the issuer; a cookie binds the way back.', schema: z.null() },
    problems: ['NOT_FOUND', 'UPSTREAM_UNAVAILABLE'],
    handle: (call) =>
      toldOnPage(call, async () => {
        const { config } = deps.services.staff
        const { url, secret } = await oidcOf(deps).begin(call.query.fresh === 'true')
        return { status: 303, headers: { Location: url }, cookies: [writeCookie('oidc', secret, config)], body: null }
      }),
  }),
  route({
    method: 'get',
    path: '/v1/session/oidc/callback',
    operationId: 'finishOidc',
    summary: 'Kembali dari penyedia identitas. A page that goes on to the service.',
    access: 'open',
    query: CALLBACK_QUERY,
    reply: { status: 200, description: 'Signed in; a new cookie.', schema: z.string(), media: 'text/html' },
    problems: ['NOT_FOUND', 'SIGN_IN_REFUSED', 'UPSTREAM_UNAVAILABLE'],
    handle: (call) =>
      toldOnPage(call, async () => {
        const { config } = deps.services.staff
        const bound = readCookie(call.header('cookie'), 'oidc', config)
        const opened = await oidcOf(deps).finish(bound, new URLSearchParams(call.query).toString())
        const cookies = [writeCookie('oidc', null, config), writeCookie('session', opened.secret, config)]
        return { status: 200, cookies, body: { html: GO_ON } }
      }),
  }),
]

/** A page of our own between the issuer and the service: only from one of ours does the browser send a strict cookie. */
const GO_ON =
  '<!doctype html><html lang="id"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/petugas">' +
  '<title>Pulih</title><p>Anda sudah masuk. <a href="/petugas">Lanjutkan</a></p></html>'

/** Between the console and the issuer people follow links: what is refused there is told them on a page that leads back; programs get the problem. */
async function toldOnPage({ header }: Pick<Call, 'header'>, answer: () => Promise<Reply>): Promise<Reply> {
  try {
    return await answer()
  } catch (error) {
    if (!(error instanceof PulihError) || header('sec-fetch-mode') !== 'navigate') throw error
    const { title, detail } = PROBLEM_TEXTS[error.code]
    const said = (language: 'id' | 'en') =>
      `<h2 lang="${language}">${title[language]}</h2><p lang="${language}">${detail[language]}</p>`
    const html =
      '<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
      `<meta name="color-scheme" content="light dark"><title>${title.id}</title><h1>Pulih</h1>${said('id')}` +
      `<p><a href="/petugas">Kembali ke halaman masuk</a></p>${said('en')}</html>`
    return { status: error.status, body: { html } }
  }
}

/** Throws NOT_FOUND where no issuer is configured. */
function oidcOf({ services: { staff } }: ApiDeps) {
  if (staff.oidc === null) throw new PulihError('NOT_FOUND', 'no issuer is configured')
  return staff.oidc
}
