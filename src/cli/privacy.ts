import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { z } from 'zod'
import { PulihError } from '../engine/index.js'
import {
  ANSWER_REASONS,
  BREACH_DATA,
  BREACH_REMEDIES,
  BREACH_WAYS,
  countdown,
  DATA_REQUEST_KINDS,
  DataRequestAnswered,
  NewDataRequest,
  type DataRequestView,
} from '../privacy/index.js'
import { guarded, type CliIo } from './io.js'
import { serving } from './open.js'

interface Common {
  readonly data?: string
  readonly json?: boolean
}
interface ListOptions extends Common {
  readonly open?: boolean
  readonly ticket?: string
}
interface OpenOptions extends Common {
  readonly actor: string
  readonly kind: string
  readonly received: string
  readonly ticket?: string
  readonly disclosed?: readonly string[]
  readonly from?: string
  readonly until?: string
  readonly how?: string
  readonly persons?: string
  readonly remedies?: readonly string[]
}
interface AnswerOptions extends Common {
  readonly actor: string
  readonly outcome: string
  readonly reason: string
  readonly toldPersons?: string
  readonly toldAuthority?: string
}

const among = (codes: readonly string[]): string => codes.join(', ')
const DATA = ['--data <dir>', 'data folder (PULIH_DATA, default .pulih)'] as const
const JSON_OUT = ['--json', 'prints one JSON document'] as const
const ACTOR = ['--actor <id>', 'who does it'] as const

/** Adds `privacy` to the program: what people ask about their own data, breaches, and the export of a person's data. */
export function registerPrivacy(program: Command, io: CliIo): void {
  const privacy = program
    .command('privacy')
    .description('requests about personal data and breaches, 3 × 24 hours on the wall (docs/privacy.md)')
  registerRegister(privacy, io)
  privacy
    .command('export')
    .description('writes what is kept of a person into a new folder; for a case whose contacts and identity are proven')
    .argument('<ticketId>')
    .requiredOption('--out <dir>', 'folder to be made')
    .requiredOption(...ACTOR)
    .option(...DATA)
    .action(
      guarded(io, async (ticketId: string, { data, out, actor }: Common & { out: string; actor: string }) => {
        const { files, request } = await serving(data, {}, ({ services }) =>
          services.exportPerson(ticketId, resolve(out), actor),
        )
        io.out(`exported ${files.length} files; in the register as ${request.id}`)
      }),
    )
}

function registerRegister(privacy: Command, io: CliIo): void {
  privacy
    .command('requests')
    .description('what was asked, and how long is left; exit code 1 when something is late')
    .option('--open', 'only what waits for an answer, the next due first')
    .option('--ticket <id>', 'of this ticket')
    .option(...DATA)
    .option(...JSON_OUT)
    .action(guarded(io, (options: ListOptions) => list(options, io)))
  privacy
    .command('open')
    .description('writes down what was asked, or a breach; said again, it is the same one')
    .requiredOption('--kind <kind>', among(DATA_REQUEST_KINDS))
    .requiredOption('--received <instant>', 'when it came in, or a breach was found: 2026-03-20T09:00:00+07:00')
    .requiredOption(...ACTOR)
    .option('--ticket <id>', 'whose case; a breach may be about no one ticket')
    .option('--disclosed <codes...>', `breach: what was disclosed (${among(BREACH_DATA)})`)
    .option('--from <instant>', 'breach: since when')
    .option('--until <instant>', 'breach: until when, if it is over')
    .option('--how <code>', `breach: how (${among(BREACH_WAYS)})`)
    .option('--persons <number>', 'breach: how many people, as far as is known')
    .option('--remedies <codes...>', `breach: what is done about it (${among(BREACH_REMEDIES)})`)
    .option(...DATA)
    .option(...JSON_OUT)
    .action(guarded(io, (options: OpenOptions) => open(options, io)))
  privacy
    .command('answer')
    .description('says, once, what became of it')
    .argument('<requestId>')
    .requiredOption('--outcome <outcome>', 'done or refused')
    .requiredOption('--reason <code>', among(ANSWER_REASONS))
    .requiredOption(...ACTOR)
    .option('--told-persons <instant>', 'breach: when those concerned were told')
    .option('--told-authority <instant>', 'breach: when the authority was told')
    .option(...DATA)
    .option(...JSON_OUT)
    .action(guarded(io, (id: string, options: AnswerOptions) => answer(id, options, io)))
}

async function list({ data, json, open = false, ticket }: ListOptions, io: CliIo): Promise<void> {
  const which = { open, ...(ticket === undefined ? {} : { ticketId: ticket }) }
  const rows = await serving(data, { readOnly: true }, ({ services }) => services.dataRequests.list(which))
  if (json === true) io.out(JSON.stringify(rows, null, 2))
  else if (rows.length === 0) io.out('nothing')
  else for (const row of rows) show(row, io)
  if (rows.some((it) => it.answeredAt === null && it.late)) io.setExitCode(1)
}

async function open(options: OpenOptions, io: CliIo): Promise<void> {
  const { data, json, actor, kind, ticket, received, disclosed, from, until, how, persons, remedies } = options
  const breach = {
    data: disclosed,
    from,
    until,
    how,
    persons: persons === undefined ? undefined : Number(persons),
    remedies,
  }
  const said = Object.values(breach).some((it) => it !== undefined)
  const asked = { kind, ticketId: ticket, receivedAt: received, breach: said ? breach : undefined }
  const request = parsed(NewDataRequest, asked)
  const row = await serving(data, {}, ({ services }) => services.dataRequests.open(request, actor))
  if (json === true) io.out(JSON.stringify(row, null, 2))
  else show(row, io)
}

async function answer(id: string, options: AnswerOptions, io: CliIo): Promise<void> {
  const { data, json, actor, outcome, reason, toldPersons, toldAuthority } = options
  const given = { outcome, reason, toldPersonsAt: toldPersons, toldAuthorityAt: toldAuthority }
  const said = parsed(DataRequestAnswered, given)
  const row = await serving(data, {}, ({ services }) => services.dataRequests.answer(id, said, actor))
  if (json === true) io.out(JSON.stringify(row, null, 2))
  else show(row, io)
}

/** Throws VALIDATION_FAILED with the places of what is wrong; values are not repeated. */
function parsed<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const errors = result.error.issues.map((it) => ({ pointer: `/${it.path.join('/')}`, code: it.code }))
  throw new PulihError('VALIDATION_FAILED', 'something in this is not as it has to be', { errors })
}

function show({ id, kind, ticketId, dueAt, leftMs, late, outcome, reason }: DataRequestView, io: CliIo): void {
  const state = leftMs === null ? `${outcome} (${reason})${late ? ', late' : ''}` : countdown(leftMs).en
  io.out(`${id}  ${kind.padEnd(21)}  due ${new Date(dueAt).toISOString()}  ${state}  ${ticketId ?? '-'}`)
}
