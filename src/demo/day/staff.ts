import { totpCode } from '../../staff/identity/index.js'
import type { StaffRole } from '../../staff/principal.js'
import { createDice } from '../dice.js'
import { caller, expected, type Answer, type Caller, type Sent, type Traffic } from './http.js'
import type { DayWorld } from './world.js'

/** Somebody of the staff, who signs in when the day begins and again whenever the session is over. */
export interface Officer {
  readonly id: string
  readonly username: string
  readonly role: StaffRole
  readonly officeId: string | null
  /** Signed in first where that is needed; mutations carry a key of their own. */
  send(method: 'GET' | 'POST', path: string, sent?: Sent): Promise<Answer>
}
export interface Crew {
  readonly admin: Officer
  readonly agents: readonly Officer[]
  readonly checkers: readonly Officer[]
  readonly supervisors: readonly Officer[]
  /** The branch where somebody walks in: two agents and a checker. */
  readonly branch: readonly [Officer, Officer, Officer]
  readonly signIns: { count: number }
}
export interface CrewSize {
  readonly agents: number
  readonly checkers: number
  readonly supervisors: number
}
export const BRANCH = 'cabang-jakarta'

const CLI = { id: 'cli', role: 'system' } as const
const MINUTE = 60_000
const HALF_MINUTE = 30_000

interface Login {
  cookie: string | null
  secret: string
  password: string
}
interface Parts {
  readonly world: DayWorld
  readonly traffic: Traffic
  readonly signIns: { count: number }
}

/** The first administrator comes from the command line, everybody else from the API; all choose a password and enrol an authenticator. */
export async function hire(world: DayWorld, traffic: Traffic, size: CrewSize): Promise<Crew> {
  const signIns = { count: 0 }
  const parts = { world, traffic, signIns }
  const { accounts } = world.services.staff
  const made = await accounts.create(
    { staffNumber: 'S-000', username: 'kepala', name: 'Administrator Contoh', subject: null },
    CLI,
  )
  await accounts.grant(made.staff.id, { role: 'admin', officeId: null }, CLI)
  const root = { id: made.staff.id, username: 'kepala', role: 'admin', officeId: null } as const
  const admin = await welcomed(parts, root, made.oneTimePassword ?? '')
  let number = 0
  const one = async (role: StaffRole, name: string, ...offices: readonly string[]): Promise<Officer> => {
    number += 1
    const order = {
      staffNumber: `S-${String(number).padStart(3, '0')}`,
      username: name,
      name: `Petugas Contoh ${number}`,
    }
    const created = expected(await admin.send('POST', '/v1/staff', { body: order }), 201, 'staff account')
    const id = String(created.body['staffId'])
    for (const officeId of offices)
      expected(await admin.send('POST', `/v1/staff/${id}/roles/grant`, { body: { role, officeId } }), 200, 'grant')
    const [officeId = null] = offices
    return welcomed(parts, { id, username: name, role, officeId }, String(created.body['oneTimePassword']))
  }
  const many = async (count: number, role: StaffRole, prefix: string): Promise<Officer[]> => {
    const all: Officer[] = []
    for (let n = 1; n <= count; n++) all.push(await one(role, `${prefix}${n}`, 'pusat'))
    return all
  }
  return {
    admin,
    agents: await many(size.agents, 'agent', 'petugas'),
    checkers: await many(size.checkers, 'checker', 'pemeriksa'),
    supervisors: await many(size.supervisors, 'supervisor', 'penyelia'),
    branch: [
      // Receives people whom the digital unit sent: their tickets are the unit's until they have arrived.
      await one('agent', 'cabang1', BRANCH, 'pusat'),
      await one('agent', 'cabang2', BRANCH),
      await one('checker', 'cabang3', BRANCH),
    ],
    signIns,
  }
}

type Who = Pick<Officer, 'id' | 'username' | 'role' | 'officeId'>

/** First time: one-time password, own password, authenticator, first code. */
async function welcomed(parts: Parts, who: Who, oneTime: string): Promise<Officer> {
  const login: Login = { cookie: null, secret: '', password: createDice(0, who.username).hex(24) }
  const door = doorOf(parts, who, login)
  const step = async (path: string, body: unknown) => {
    const answer = expected(await door.send('POST', path, body === undefined ? {} : { body }), 200, path)
    login.cookie = answer.cookie ?? login.cookie
    return answer
  }
  await step('/v1/session', { username: who.username, password: oneTime })
  await step('/v1/session/password', { password: login.password })
  login.secret = String((await step('/v1/session/enrolment', undefined)).body['secret'])
  await step('/v1/session/enrolment/confirmation', { code: totpCode(login.secret, parts.world.clock.now()) })
  parts.signIns.count += 1
  return officer(parts, who, login, door)
}

const doorOf = ({ world, traffic }: Parts, { username }: Who, login: Login): Caller =>
  caller(world, traffic, `10.1.0.${(hashed(username) % 250) + 1}`, () => ({
    origin: world.url,
    ...(login.cookie === null ? {} : { cookie: login.cookie }),
  }))
const hashed = (text: string): number => Array.from(text).reduce((sum, it) => (sum * 31 + it.charCodeAt(0)) % 65_521, 7)

function officer(parts: Parts, who: Who, login: Login, door: Caller): Officer {
  let keys = 0
  return {
    ...who,
    async send(method, path, sent = {}) {
      keys += 1
      const key = method === 'POST' ? { 'idempotency-key': `"${who.username}-${keys}"` } : {}
      const request = { ...sent, headers: { ...key, ...sent.headers } }
      const answer = await door.send(method, path, request)
      if (answer.status !== 401) return answer
      await signIn(parts, who, login, door)
      return door.send(method, path, request)
    },
  }
}

/** A code is good once: whoever comes back within its half minute waits for the next. */
async function signIn({ world, signIns }: Parts, { username }: Who, login: Login, door: Caller): Promise<void> {
  login.cookie = null
  const { password, secret } = login
  const first = expected(await door.send('POST', '/v1/session', { body: { username, password } }), 200, 'password')
  login.cookie = first.cookie
  let answer = await door.send('POST', '/v1/session/totp', { body: { code: totpCode(secret, world.clock.now()) } })
  if (answer.status === 401) {
    const at = world.clock.now()
    world.clock.moveTo(at - (at % MINUTE) + MINUTE + HALF_MINUTE)
    answer = await door.send('POST', '/v1/session/totp', { body: { code: totpCode(secret, world.clock.now()) } })
  }
  login.cookie = expected(answer, 200, 'one-time code').cookie
  signIns.count += 1
}
