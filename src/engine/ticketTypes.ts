import { readdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { TicketType } from '../machines/ticketType.js'
import { PulihError } from './errors.js'

/** Every ticket type by name. */
export type TicketTypes = ReadonlyMap<string, TicketType>

const HOME = fileURLToPath(new URL('../machines/types/', import.meta.url))

/**
 * Loads every file of a folder that exports a `ticketType` (default: src/machines/types): adding a type is adding a file.
 * Throws CONFIGURATION_INVALID for a file without one, or two types of one name.
 */
export async function loadTicketTypes(folders: readonly string[] = [HOME]): Promise<TicketTypes> {
  const types = new Map<string, TicketType>()
  for (const folder of folders) {
    const files = readdirSync(folder).filter((name) => /\.(js|ts)$/.test(name) && !name.endsWith('.d.ts'))
    for (const file of files.sort()) {
      const loaded = (await import(pathToFileURL(join(folder, file)).href)) as { ticketType?: TicketType }
      const type = loaded.ticketType
      if (type === undefined) throw new PulihError('CONFIGURATION_INVALID', `${file} exports no ticketType`)
      if (types.has(type.type))
        throw new PulihError('CONFIGURATION_INVALID', `two ticket types are called ${type.type}`)
      types.set(type.type, type)
    }
  }
  return types
}
