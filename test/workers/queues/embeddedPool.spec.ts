import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import './compiled.js'
import { EmbeddedPool } from '../../../src/workers/queues/embeddedPool.js'
import { EmbeddedThread } from '../../../src/workers/queues/embeddedThread.js'

/** The build leaves it there. */
const TEMPLATE = join(import.meta.dirname, '../../../src/workers/queues/embedded.tar.br')

describe('a pool over one session', () => {
  let db: EmbeddedThread
  let pool: EmbeddedPool
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulih-pool-'))
    db = await EmbeddedThread.open({ folder, template: existsSync(TEMPLATE) ? TEMPLATE : null })
    pool = new EmbeddedPool(db)
    await pool.query('CREATE TABLE t (n int)')
  })
  afterAll(async () => {
    await db.close()
    await rm(folder, { recursive: true, force: true })
  })
  const count = async () => (await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM t')).rows[0]!.n

  it('keeps others out of a transaction until it ends', async () => {
    const client = await pool.connect()
    await client.query('BEGIN')
    const outside = pool.query('INSERT INTO t VALUES ($1)', [1])
    await client.query('INSERT INTO t VALUES (2)')
    await client.query('ROLLBACK')
    expect(await outside).toMatchObject({ rowCount: 1 })
    expect(await count()).toBe(1)
    client.release()
  })

  it('lets the next one in after a statement or a transaction failed', async () => {
    await expect(pool.query('SELECT nonsense')).rejects.toThrow()
    const client = await pool.connect()
    await client.query('BEGIN')
    await expect(client.query('SELECT nonsense')).rejects.toThrow()
    await client.query('ROLLBACK')
    client.release()
    expect(await count()).toBe(1)
  })

  it('rolls back for a client that is given back in the middle', async () => {
    const client = await pool.connect()
    await client.query('BEGIN')
    await client.query('INSERT INTO t VALUES (3)')
    client.release()
    expect(await count()).toBe(1)
  })

  it('tells every client of a notification, also one whose LISTEN begins with comments', async () => {
    const client = await pool.connect()
    const heard = new Promise((resolve) => client.once('notification', resolve))
    await client.query('-- wakes workers\n-- at once\nLISTEN jobs;\n')
    await pool.query(`SELECT pg_notify('jobs', 'sla-timers')`)
    expect(await heard).toEqual({ channel: 'jobs', payload: 'sla-timers' })
    client.release()
  })
})
