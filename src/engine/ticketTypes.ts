import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { faultsOf, faultsOfPolicy } from '../machines/check.js'
import type { Policy } from '../machines/policy.js'
import type { TicketType } from '../machines/ticketType.js'
import { PulihError } from './errors.js'

/** Every ticket type by name. */
export type TicketTypes = ReadonlyMap<string, TicketType>

const HOME = fileURLToPath(new URL('../machines/types/', import.meta.url))

/**
 * Loads every file of a folder that exports a `ticketType` (default: src/machines/types), then the files named one by one
 * (PULIH_TICKET_TYPES): adding a type is adding a file. Throws CONFIGURATION_INVALID, naming file and fault, for a folder or file that
 * cannot be read, a file without a type, a type at odds with itself or with a policy it brings, or two of one name.
 */
export async function loadTicketTypes(
  folders: readonly string[] = [HOME],
  files: readonly string[] = [],
): Promise<TicketTypes> {
  const types = new Map<string, TicketType>()
  for (const file of [...folders.flatMap(filesOf), ...files]) {
    const type = await loadTicketType(file)
    if (types.has(type.type))
      throw new PulihError(
        'CONFIGURATION_INVALID',
        `two ticket types are called ${type.type}; the second is in ${file}`,
      )
    types.set(type.type, type)
  }
  return types
}

/** The type of one file, its export `ticketType` or its default. Throws CONFIGURATION_INVALID with every fault it has. */
export async function loadTicketType(file: string): Promise<TicketType> {
  const wrong = (what: string, cause?: unknown) =>
    new PulihError('CONFIGURATION_INVALID', `the ticket type ${file} ${what}`, {}, { cause })
  if (!existsSync(file)) throw wrong('is not there')
  let loaded: { readonly ticketType?: unknown; readonly default?: unknown }
  try {
    loaded = (await import(pathToFileURL(file).href)) as typeof loaded
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const typescript = code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?ts$/.test(file)
    throw wrong(
      typescript
        ? 'is TypeScript, which this Node does not run: compile it, and name the JavaScript'
        : `cannot be loaded: ${message.split('\n')[0] ?? ''}`,
      cause,
    )
  }
  const type = loaded.ticketType ?? loaded.default
  if (typeof type !== 'object' || type === null) throw wrong('exports no ticketType')
  const faults = faultsOf(type as TicketType)
  if (faults.length > 0) throw wrong(`cannot be served: ${faults.join('; ')}`)
  return type as TicketType
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(m?js|ts)$/.test(name) && !name.endsWith('.d.ts'))
      .sort()
      .map((name) => join(folder, name))
  } catch (cause) {
    throw new PulihError('CONFIGURATION_INVALID', 'a folder of ticket types cannot be read', {}, { cause })
  }
}

/** Throws CONFIGURATION_INVALID where a policy sets what its machine does not declare: such a timer would ring for nobody. */
export function assertPolicyFits(type: TicketType, policy: Policy): void {
  const [fault] = faultsOfPolicy(type, policy)
  if (fault !== undefined) throw new PulihError('CONFIGURATION_INVALID', fault)
}

/**
 * The type that a stored ticket names. Throws TICKET_TYPE_MISSING when nobody loaded it: the ticket stays as it is, its timers stay pending,
 * and both go on where the type is there again.
 */
export function typeOfTicket(types: TicketTypes, { type: name }: { readonly type: string }): TicketType {
  const type = types.get(name)
  if (type !== undefined) return type
  throw new PulihError(
    'TICKET_TYPE_MISSING',
    `The ticket type ${name} is not loaded here: name its file in PULIH_TICKET_TYPES.`,
    { type: name },
  )
}
