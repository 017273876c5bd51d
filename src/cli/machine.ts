import { resolve } from 'node:path'
import type { Command } from 'commander'
import { policies } from '../../db/seeds/policies.js'
import { loadConfig } from '../config.js'
import { loadTicketType, loadTicketTypes, PulihError } from '../engine/index.js'
import { drawSvg } from '../machines/drawing/index.js'
import { drawingsOf, tablesOf } from '../machines/page.js'
import type { TicketType } from '../machines/ticketType.js'
import { checkTicketType } from '../machines/walk.js'
import { guarded, type CliIo } from './io.js'

interface TypeOption {
  readonly type?: string
}
interface CheckFlags {
  readonly limit: string
  readonly json?: true
}

/** Adds `machine draw`, `machine table` and `machine check`: what a ticket type's author looks at. No database is opened. */
export function registerMachine(program: Command, io: CliIo): void {
  const machine = program.command('machine').description('draws, tables and checks ticket types')
  machine
    .command('draw')
    .description('prints the statechart, as Mermaid or as a picture')
    .option('--type <id>', 'one of the loaded types (default: all)')
    .option('--svg', 'prints it as an SVG picture; name one type')
    .option('--lang <id|en>', 'language of the picture', 'id')
    .action(guarded(io, draw(io)))
  machine
    .command('table')
    .description('prints every state with every event, as Markdown')
    .option('--type <id>', 'one of the loaded types (default: all)')
    .action(guarded(io, (options: TypeOption) => print(options, io, (type) => [tablesOf(type)])))
  machine
    .command('check [file]')
    .description('proves what can be proved of the ticket type in a file (default: of every loaded type)')
    .option('--limit <n>', 'walk through at most so many configurations', '20000')
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (file: string | undefined, flags: CheckFlags) => check(file, flags, io)))
}

interface DrawFlags extends TypeOption {
  readonly svg?: true
  readonly lang: string
}
const draw =
  (io: CliIo) =>
  async ({ svg, lang, ...options }: DrawFlags): Promise<void> => {
    if (svg !== true) return print(options, io, (type) => drawingsOf(type))
    if (options.type === undefined)
      throw new PulihError('VALIDATION_FAILED', '--svg draws one type: name it by --type.')
    if (lang !== 'id' && lang !== 'en') throw new PulihError('VALIDATION_FAILED', '--lang is id or en.')
    return print(options, io, (type) => [drawSvg(type, { language: lang }).trimEnd()])
  }

const loaded = () => loadTicketTypes(undefined, loadConfig().ticketTypes)

async function print(
  { type: name }: TypeOption,
  io: CliIo,
  partsOf: (type: TicketType) => readonly string[],
): Promise<void> {
  const types = await loaded()
  const known = [...types.keys()].join(', ')
  if (name !== undefined && !types.has(name))
    throw new PulihError('NOT_FOUND', `There is no ticket type of this name; loaded are: ${known}.`)
  for (const type of types.values()) if (name === undefined || type.type === name) io.out(partsOf(type).join('\n\n'))
}

/** Exit code 1 when a type has a fault. */
async function check(file: string | undefined, { limit, json }: CheckFlags, io: CliIo): Promise<void> {
  if (!/^[1-9]\d{0,6}$/.test(limit)) throw new PulihError('VALIDATION_FAILED', '--limit is a whole number from 1.')
  const types = file === undefined ? [...(await loaded()).values()] : [await loadTicketType(resolve(file))]
  const results = types.map((type) => {
    const policy = type.policies?.[0] ?? policies.find((it) => it.ticketType === type.type)
    return { type: type.type, ...checkTicketType(type, { limit: Number(limit), ...(policy && { policy }) }) }
  })
  if (json === true) io.out(JSON.stringify(results, null, 2))
  else
    for (const { type, faults, configurations, complete, unsampled } of results) {
      for (const fault of faults) io.out(`${type}: ${fault}`)
      for (const event of unsampled) io.out(`${type}: no sample fits the payload of ${event}; give one in \`samples\``)
      const extent = complete ? 'all there are' : 'not all there are: raise --limit'
      io.out(`${type}: ${configurations} configurations (${extent}), ${faults.length} faults`)
    }
  if (results.some((it) => it.faults.length > 0)) io.setExitCode(1)
}
