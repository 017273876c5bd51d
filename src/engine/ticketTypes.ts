import { readdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { Policy } from '../machines/policy.js'
import type { TicketType } from '../machines/ticketType.js'
import { PulihError } from './errors.js'

/** Every ticket type by name. */
export type TicketTypes = ReadonlyMap<string, TicketType>

const HOME = fileURLToPath(new URL('../machines/types/', import.meta.url))

/**
 * Loads every file of a folder that exports a `ticketType` (default: src/machines/types): adding a type is adding a file.
 * Throws CONFIGURATION_INVALID for a folder that cannot be read, a file without a type, a type at odds with itself, or two of one name.
 */
export async function loadTicketTypes(folders: readonly string[] = [HOME]): Promise<TicketTypes> {
  const types = new Map<string, TicketType>()
  for (const folder of folders) {
    for (const file of filesOf(folder)) {
      const loaded = (await import(pathToFileURL(join(folder, file)).href)) as { ticketType?: TicketType }
      const type = loaded.ticketType
      if (type === undefined) throw new PulihError('CONFIGURATION_INVALID', `${file} exports no ticketType`)
      if (types.has(type.type))
        throw new PulihError('CONFIGURATION_INVALID', `two ticket types are called ${type.type}`)
      const [fault] = faultsOfType(type)
      if (fault !== undefined) throw new PulihError('CONFIGURATION_INVALID', `${file}: ${fault}`)
      types.set(type.type, type)
    }
  }
  return types
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(js|ts)$/.test(name) && !name.endsWith('.d.ts'))
      .sort()
  } catch (cause) {
    throw new PulihError('CONFIGURATION_INVALID', 'a folder of ticket types cannot be read', {}, { cause })
  }
}

/** What a type says of itself that cannot be true. */
function faultsOfType(type: TicketType): readonly string[] {
  const { publicEvents, internalEvents, deadlines, upcasts, version, filingEvent } = type
  const timed = Object.values(deadlines).flatMap((family) => Object.values(family))
  const older = Array.from({ length: version - 1 }, (_, index) => index + 1)
  return [
    ...(Object.hasOwn(publicEvents, filingEvent) ? [] : [`the filing event ${filingEvent} is not a public event`]),
    ...Object.keys(publicEvents)
      .filter((name) => Object.hasOwn(internalEvents, name))
      .map((name) => `the event ${name} is both public and internal`),
    ...timed
      .filter((name) => !Object.hasOwn(internalEvents, name))
      .map((name) => `the timer event ${name} is not an internal event`),
    ...older.filter((from) => upcasts[from] === undefined).map((from) => `there is no upcast from version ${from}`),
  ]
}

/** Throws CONFIGURATION_INVALID where a policy sets what its machine does not declare: such a timer would ring for nobody. */
export function assertPolicyFits(type: TicketType, policy: Policy): void {
  const faults = [
    ...Object.values(policy.routes)
      .flatMap((route) => Object.keys(route.targets))
      .filter((target) => !Object.hasOwn(type.targets, target))
      .map((target) => `the target ${target}`),
    ...Object.entries(policy.deadlines).flatMap(([family, variants]) =>
      Object.values(variants)
        .flatMap((thresholds) => Object.keys(thresholds))
        .filter((threshold) => type.deadlines[family]?.[threshold] === undefined)
        .map((threshold) => `the deadline ${family} ${threshold}`),
    ),
  ]
  if (faults[0] === undefined) return
  const name = `${policy.id}@${policy.version}`
  throw new PulihError('CONFIGURATION_INVALID', `policy ${name} sets ${faults[0]}, which ${type.type} does not declare`)
}
