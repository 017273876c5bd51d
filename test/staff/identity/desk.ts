import { generateSync } from 'otplib'
import { expect } from 'vitest'
import type { StaffRole } from '../../../src/staff/principal.js'
import type { Harness } from '../../api/harness.js'

export const PASSWORD = 'kucing melompat pagar 7'
const BY = { id: 'admin-1', role: 'admin' } as const

export const codeAt = (secret: string, at: number): string => generateSync({ secret, epoch: Math.floor(at / 1_000) })

let numbers = 0

/** Somebody's browser: keeps the cookie, and says where its pages come from, as browsers do. */
export class Desk {
  cookie: string | null = null
  secret = ''
  recoveryCodes: readonly string[] = []
  staffId = ''
  username = ''
  oneTimePassword = ''
  constructor(readonly api: Harness) {}

  async send(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    const own = { origin: this.api.url, 'sec-fetch-site': 'same-origin' }
    const cookie = this.cookie === null ? {} : { cookie: `pulih-staff=${this.cookie}` }
    const answer = await this.api.request(method, path, { as: null, body, headers: { ...own, ...cookie, ...headers } })
    const set = answer.headers.getSetCookie().find((it) => it.startsWith('pulih-staff='))
    if (set !== undefined) this.cookie = /^pulih-staff=([^;]*)/.exec(set)?.[1] || null
    return answer
  }

  get = (path: string, headers = {}) => this.send('GET', path, undefined, headers)
  post = (path: string, body?: unknown, headers = {}) => this.send('POST', path, body, headers)
  /** The authenticator's code now; each step's code is taken once, so the clock goes on first. */
  code(): string {
    this.api.clock.advance(30_000)
    return codeAt(this.secret, this.api.clock.now())
  }
  password = (password = PASSWORD) => this.post('/v1/session', { username: this.username, password })

  /** The second and every later sign-in. */
  async signIn() {
    await this.password()
    return this.post('/v1/session/totp', { code: this.code() })
  }
}

/** An account as an administrator makes it, with these roles. */
export async function account(
  api: Harness,
  roles: readonly (readonly [StaffRole, string | null])[],
  username = `petugas${++numbers}`,
): Promise<Desk> {
  const { accounts } = api.deps.services.staff
  const order = { staffNumber: `P-${username}`, username, name: 'Petugas Contoh', subject: null }
  const { staff, oneTimePassword } = await accounts.create(order, BY)
  for (const [role, officeId] of roles) await accounts.grant(staff.id, { role, officeId }, BY)
  const desk = new Desk(api)
  Object.assign(desk, { staffId: staff.id, username, oneTimePassword })
  return desk
}

/** The same, through the whole first sign-in. */
export async function officer(
  api: Harness,
  roles: readonly (readonly [StaffRole, string | null])[],
  username?: string,
): Promise<Desk> {
  const desk = await account(api, roles, username)
  await desk.password(desk.oneTimePassword)
  await desk.post('/v1/session/password', { password: PASSWORD })
  desk.secret = (await desk.post('/v1/session/enrolment')).body.secret
  const done = await desk.post('/v1/session/enrolment/confirmation', { code: desk.code() })
  expect(done.status, done.text).toBe(200)
  desk.recoveryCodes = done.body.recoveryCodes
  return desk
}
