import { isDeepStrictEqual } from 'node:util'
import { and, asc, eq } from 'drizzle-orm'
import { PulihError } from '../../src/engine/errors.js'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'

type ReferenceStore = Pick<
  Store,
  'publishCalendar' | 'publishPolicy' | 'saveUnit' | 'saveOffice' | 'calendars' | 'policies' | 'units' | 'offices'
>

/** Compared as parsed JSON: PostgreSQL reorders keys, and an `undefined` member is no member. */
export function sameContent(stored: unknown, given: unknown): boolean {
  return isDeepStrictEqual(stored, JSON.parse(JSON.stringify(given)))
}

export function referenceStore({ t, write, read }: Sql): ReferenceStore {
  /** Insert first, compare if it was there: two publishers of one version cannot both win. */
  async function publish(
    table: Sql['t']['calendars'] | Sql['t']['policies'],
    what: string,
    row: typeof table.$inferInsert,
  ): Promise<void> {
    const inserted = await write.insert(table).values(row).onConflictDoNothing().returning({ id: table.id })
    if (inserted.length > 0) return
    const [stored] = await write
      .select({ spec: table.spec })
      .from(table)
      .where(and(eq(table.id, row.id), eq(table.version, row.version)))
    if (!sameContent(stored?.spec, row.spec))
      throw new PulihError('CONFLICT', `This version of the ${what} is already published with other content.`)
  }
  return {
    publishCalendar: (spec, at) =>
      publish(t.calendars, 'calendar', { id: spec.id, version: spec.version, spec, publishedAt: at }),
    publishPolicy: (policy, at) =>
      publish(t.policies, 'policy', { id: policy.id, version: policy.version, spec: policy, publishedAt: at }),
    async saveUnit({ id, name }) {
      await write.insert(t.units).values({ id, name }).onConflictDoUpdate({ target: t.units.id, set: { name } })
    },
    async saveOffice(office) {
      const { id, ...set } = office
      await write
        .insert(t.offices)
        .values({ id, ...set })
        .onConflictDoUpdate({ target: t.offices.id, set })
    },
    async calendars() {
      const { calendars } = t
      const rows = await read
        .select({ spec: calendars.spec })
        .from(calendars)
        .orderBy(asc(calendars.id), asc(calendars.version))
      return rows.map((row) => row.spec)
    },
    async policies() {
      const { policies } = t
      const rows = await read
        .select({ spec: policies.spec })
        .from(policies)
        .orderBy(asc(policies.id), asc(policies.version))
      return rows.map((row) => row.spec)
    },
    units: async () => read.select().from(t.units).orderBy(asc(t.units.id)),
    offices: async () => read.select().from(t.offices).orderBy(asc(t.offices.id)),
  }
}
