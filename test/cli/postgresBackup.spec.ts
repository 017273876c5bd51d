import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../db/index.js'
import { pulih, Server } from '../drills/server.js'
import { hasPostgres } from '../support/postgres.js'
import { freePort } from '../support/servers.js'
import { sharedPostgres } from '../support/sharedPostgres.js'
import { Caller } from '../e2e/http.js'

describe.skipIf(!hasPostgres)(
  'PostgreSQL is backed up by its own tools, with the lines that pulih gives',
  { timeout: 120_000 },
  () => {
    /** The line that the command says, run by a shell as it stands. */
    async function runLine(args: string[], databaseUrl: string, cwd: string): Promise<void> {
      const { code, err } = await pulih(args, { DATABASE_URL: databaseUrl })
      expect(code).toBe(2)
      const line = err.split('\n').find((it) => /^ {2}pg_/.test(it))
      expect(line).toBeDefined()
      execFileSync('bash', ['-c', line!], { cwd, stdio: 'pipe' })
    }

    it('a dump made while the service writes, put into another database: verified, started, timers pending', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pulih-pgdump-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      const postgres = await sharedPostgres()
      const [from, to] = [await postgres.emptyDatabase(), await postgres.emptyDatabase()]
      const start = async (databaseUrl: string, data: string): Promise<Server> => {
        const server = new Server({
          dataDir: join(folder, data),
          port: await freePort(),
          env: { DATABASE_URL: databaseUrl },
        })
        onTestFinished(async () => {
          await server.kill()
        })
        await server.ready()
        return server
      }
      const first = await start(from, 'one')
      const caller = new Caller(first.url)
      const ids = [await caller.file('layanan_digital'), await caller.file('layanan_digital')]
      const dump = join(folder, 'pulih.dump')
      const [, third] = await Promise.all([runLine(['backup', dump], from, folder), caller.file('layanan_digital')])
      await first.kill()

      await runLine(['restore', dump], to, folder)
      expect(await pulih(['verify'], { DATABASE_URL: to })).toMatchObject({ code: 0 })
      const second = await start(to, 'two')
      const store = await openStore({ dataDir: folder, databaseUrl: to, readOnly: true })
      onTestFinished(() => store.close())
      const found = await store.ticketIds(null, 10)
      // The third was filed while the dump began: in it or not, but whole.
      expect(found.filter((id) => id !== third).toSorted()).toEqual(ids.toSorted())
      const timers = await Promise.all(ids.map((id) => store.timersOf(id)))
      expect(timers.every((rows) => rows.some((it) => it.state === 'pending'))).toBe(true)
      expect((await new Caller(second.url).get(`/v1/tickets/${ids[0]!}`)).status).toBe(200)
      expect(await second.stop()).toEqual({ code: 0, signal: null })
    })
  },
)
