import { Command } from 'commander'
import { afterAll, expect, it } from 'vitest'
import { openStore } from '../../db/index.js'
import { registerMigrate } from '../../src/cli/migrate.js'
import { registerTicket } from '../../src/cli/ticket.js'
import { registerVerify } from '../../src/cli/verify.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { World } from '../support/world.js'

async function run(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  const lines = { out: [] as string[], err: [] as string[] }
  let code = 0
  const io = {
    out: (line: string) => lines.out.push(line),
    err: (line: string) => lines.err.push(line),
    setExitCode: (it: number) => (code = it),
  }
  const program = new Command().exitOverride()
  for (const register of [registerMigrate, registerTicket, registerVerify]) register(program, io)
  await program.parseAsync(args, { from: 'user' })
  return { out: lines.out.join('\n'), err: lines.err.join('\n'), code }
}

describeOnPostgres('commands on PostgreSQL', (server) => {
  afterAll(() => {
    delete process.env['DATABASE_URL']
  })

  it('migrate makes the tables in an empty database, and shows no URL', async () => {
    const databaseUrl = await server().emptyDatabase()
    process.env['DATABASE_URL'] = databaseUrl
    expect(await run('verify')).toMatchObject({ code: 1, err: expect.stringContaining('pulih migrate') as string })
    const { out, code } = await run('migrate')
    expect(code).toBe(0)
    expect(out).toContain('migrated the PostgreSQL database\n  calendar ')
    expect(out).not.toContain('postgres://')
    const store = await openStore({ dataDir: '', databaseUrl, readOnly: true })
    expect((await store.offices()).length).toBeGreaterThan(0)
    await store.close()
  })

  it('look at and send to tickets next to a running writer; verify finds them sound', async () => {
    const world = await World.open({ start: Date.now() })
    process.env['DATABASE_URL'] = world.place.databaseUrl!
    const id = await world.ticketIn('submitted')
    expect((await run('ticket', 'list')).out).toContain((await world.row(id)).ticketNumber)
    const sent = await run('ticket', 'send', id, 'withdraw', '--as', 'portal:x', '--payload', '{"reason":"BATAL_SAJA"}')
    expect(sent).toMatchObject({ code: 0, err: '' })
    expect((await run('ticket', 'show', id)).out).toContain('TicketWithdrawn')
    expect((await world.row(id)).state).toBe('withdrawn')
    expect((await run('verify')).out).toContain('verified 1 tickets')
    expect((await run('verify')).code).toBe(0)
    await world.close()
  })

  it('a server that does not answer is one sentence without the URL', async () => {
    process.env['DATABASE_URL'] = 'postgres://pulih:secret@127.0.0.1:1/pulih'
    const { err, code } = await run('verify')
    expect(code).toBe(1)
    expect(err).toContain('does not answer')
    expect(err).not.toMatch(/secret|127\.0/)
  })
})
