// drizzle-kit compares a changed schema with the newest snapshot only; the older ones are a quarter of a million lines that nobody reads. Runs after `npm run db:generate`.
import { readdirSync, rmSync } from 'node:fs'

for (const dialect of ['sqlite', 'postgres']) {
  const folder = `db/migrations/${dialect}/meta`
  const snapshots = readdirSync(folder).filter((name) => name.endsWith('_snapshot.json'))
  for (const name of snapshots.toSorted().slice(0, -1)) rmSync(`${folder}/${name}`)
}
