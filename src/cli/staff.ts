import type { Command } from 'commander'
import { loadConfig } from '../config.js'
import { PulihError, systemClock } from '../engine/index.js'
import type { Services } from '../services.js'
import { totpCode, type RoleOrder } from '../staff/identity/index.js'
import { STAFF_ROLES } from '../staff/principal.js'
import { readDevStaff } from './devStaff.js'
import { guarded, type CliIo } from './io.js'
import { serving } from './open.js'

interface StaffOptions {
  readonly data?: string
  readonly json?: boolean
  readonly number?: string
  readonly name?: string
  readonly issuer?: string
  readonly subject?: string
  readonly role?: readonly string[]
}
/** Who has the command line has the machine; the audit shows it as such. */
const CLI = { id: 'cli', role: 'system' } as const

/** Adds `staff` to the program: accounts of the staff, the first administrator among them. */
export function registerStaff(program: Command, io: CliIo): void {
  const staff = program.command('staff').description('accounts and roles of the staff (docs/staff-identity.md)')
  const add = (name: string, description: string) =>
    staff.command(name).description(description).option('--data <dir>', 'data folder (PULIH_DATA, default .pulih)')
  add('create <username>', 'makes an account and prints its one-time password')
    .requiredOption('--number <number>', 'staff number: one person has one account')
    .requiredOption('--name <name>', 'name as colleagues see it')
    .option('--role <role...>', 'role or role@office, one or several')
    .option('--issuer <url>', 'signs in by this issuer instead of a password, with --subject')
    .option('--subject <subject>', 'who they are at the issuer')
    .action(guarded(io, (username: string, options: StaffOptions) => create(username, options, io)))
  for (const verb of ['grant', 'revoke'] as const)
    add(`${verb} <username> <role...>`, `${verb}s roles: role, or role@office`).action(
      guarded(io, (username: string, roles: readonly string[], { data }: StaffOptions) =>
        onto(data, username, async (services, id) => {
          for (const role of roles) await services.staff.accounts[verb](id, roleOf(role), CLI)
          io.out(`${username}: ${verb === 'grant' ? 'granted' : 'revoked'} ${roles.join(', ')}`)
        }),
      ),
    )
  for (const verb of ['disable', 'enable'] as const)
    add(`${verb} <username>`, `${verb}s an account`).action(
      guarded(io, (username: string, { data }: StaffOptions) =>
        onto(data, username, async (services, id) => {
          await services.staff.accounts[verb](id, CLI)
          io.out(`${username}: ${verb}d`)
        }),
      ),
    )
  add('reset <username>', 'prints a new one-time password; authenticator and sessions end').action(
    guarded(io, (username: string, { data }: StaffOptions) =>
      onto(data, username, async (services, id) =>
        sayPassword(username, await services.staff.accounts.reset(id, CLI), io),
      ),
    ),
  )
  add('list', 'accounts with their roles')
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (options: StaffOptions) => list(options, io)))
  add('code <username>', 'development: the code of a demonstration officer’s authenticator now').action(
    guarded(io, (username: string, { data }: StaffOptions) => code(username, data, io)),
  )
}

async function create(username: string, options: StaffOptions, io: CliIo): Promise<void> {
  const { data, number = '', name = '', issuer, subject, role = [] } = options
  if ((issuer === undefined) !== (subject === undefined))
    throw new PulihError('VALIDATION_FAILED', '--issuer and --subject belong together.')
  if (!/^[a-z0-9][a-z0-9._-]{2,39}$/.test(username) || !/^[A-Za-z0-9._-]{1,64}$/.test(number))
    throw new PulihError(
      'VALIDATION_FAILED',
      'A user name has 3 to 40 lower-case letters, digits, . _ or -; so has a staff number.',
    )
  const orders = role.map(roleOf)
  await serving(data, {}, async ({ services: { staff } }) => {
    const vouched = issuer === undefined || subject === undefined ? null : { issuer, subject }
    const made = await staff.accounts.create({ staffNumber: number, username, name, subject: vouched }, CLI)
    for (const order of orders) await staff.accounts.grant(made.staff.id, order, CLI)
    if (made.oneTimePassword === null) io.out(`${username}: signs in by the issuer`)
    else sayPassword(username, made.oneTimePassword, io)
  })
}

function sayPassword(username: string, password: string, io: CliIo): void {
  io.out(`${username}: one-time password ${password}`)
  io.out('It is good for three days and one sign-in, which asks for a password of their own and an authenticator.')
}

async function list({ data, json }: StaffOptions, io: CliIo): Promise<void> {
  const all = await serving(data, { readOnly: true }, ({ services }) => services.staff.accounts.list())
  const rows = all.map(({ staff, grants }) => ({
    username: staff.username,
    staffNumber: staff.staffNumber,
    name: staff.name,
    state: staff.disabledAt !== null ? 'disabled' : staff.totpConfirmed || staff.issuer !== null ? 'active' : 'invited',
    roles: grants
      .filter((it) => it.revokedAt === null)
      .map((it) => (it.officeId === '*' ? it.role : `${it.role}@${it.officeId}`)),
  }))
  if (json === true) io.out(JSON.stringify(rows, null, 2))
  else
    for (const it of rows)
      io.out(`${it.username.padEnd(20)} ${it.state.padEnd(9)} ${it.staffNumber.padEnd(16)} ${it.roles.join(', ')}`)
}

function code(username: string, data: string | undefined, io: CliIo): void {
  const { dataDir, production } = loadConfig(undefined, { data })
  const officer = production ? undefined : readDevStaff(dataDir).find((it) => it.username === username)
  if (officer === undefined) throw new PulihError('NOT_FOUND', 'There is no demonstration officer of this name here.')
  io.out(totpCode(officer.totpSecret, systemClock.now()))
}

/** Throws VALIDATION_FAILED. */
function roleOf(text: string): RoleOrder {
  const [word, officeId = null] = text.split('@')
  const role = STAFF_ROLES.find((it) => it === word)
  if (role === undefined)
    throw new PulihError(
      'VALIDATION_FAILED',
      `A role is one of ${STAFF_ROLES.join(', ')}, with @office for one office.`,
    )
  return { role, officeId }
}

async function onto(
  data: string | undefined,
  username: string,
  body: (services: Services, id: string) => Promise<void>,
): Promise<void> {
  await serving(data, {}, async ({ store, services }) => {
    const staff = await store.staff.findStaffByUsername(username)
    if (staff === null) throw new PulihError('NOT_FOUND', 'There is nobody of this user name.')
    await body(services, staff.id)
  })
}
