import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { migrate, openStore, type OpenOptions } from '../../db/index.js'
import { startHolder, startWriter } from './children.js'
import { dataFolder } from './folder.js'
import { MONDAY, filing, idOf, step } from './rows.js'

async function open(options: OpenOptions) {
  const store = await openStore(options)
  onTestFinished(() => store.close())
  return store
}

describe('one writer per data folder', () => {
  it('refuses a second one, names the holder and a way out; after kill -9 the folder is free and complete', async () => {
    const dataDir = dataFolder()
    const writer = startWriter(dataDir)
    expect(await writer.line()).toBe('open')
    const refusal: unknown = await openStore({ dataDir }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'STORE_LOCKED', extra: { pid: writer.pid } })
    expect(String(refusal)).toContain(`process ${writer.pid} `)
    expect(String(refusal)).toContain('use the API of the running process, or stop it first')
    await expect(migrate({ dataDir })).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    let acknowledged = 0
    while (acknowledged < 25) acknowledged = Number(await writer.line())
    await writer.kill('SIGKILL')

    const store = await open({ dataDir })
    for (let n = 1; n <= acknowledged; n++) {
      expect(await store.findTicket(idOf(n))).toEqual(filing(n).ticket)
      expect(await store.readLog(idOf(n), 0, 9)).toHaveLength(1)
      expect(await store.outboxOf(idOf(n))).toHaveLength(1)
    }
    expect(await store.integrityProblems()).toEqual([])
  })

  it('says so within one process too, and frees the folder on close', async () => {
    const dataDir = dataFolder()
    const store = await open({ dataDir, clock: { now: () => MONDAY } })
    await expect(openStore({ dataDir })).rejects.toMatchObject({
      extra: { pid: process.pid, since: '2026-03-02T01:00:00.000Z' },
    })
    await store.close()
    await open({ dataDir })
  })

  it('does not accuse a process that is gone', async () => {
    const dataDir = dataFolder()
    const holder = startHolder(join(dataDir, 'lock.db'), 'BEGIN EXCLUSIVE')
    await holder.line()
    const gone = startHolder(':memory:', 'SELECT 1')
    await gone.line()
    await gone.kill('SIGKILL')
    writeFileSync(join(dataDir, 'lock.json'), JSON.stringify({ pid: gone.pid, since: 'long ago' }))
    await expect(openStore({ dataDir })).rejects.toThrow('in use by another process.')
  })
})

describe('a read-only store', () => {
  it('opens next to a running writer, sees each commit, and writes nothing', async () => {
    const dataDir = dataFolder()
    const writer = await open({ dataDir })
    const reader = await open({ dataDir, readOnly: true })
    expect(await reader.findTicket(idOf(1))).toBeNull()
    const one = filing(1)
    await writer.commit([one])
    expect(await reader.findTicket(idOf(1))).toEqual(one.ticket)
    expect(await reader.integrityProblems()).toEqual([])
    const readOnly = { code: 'CONFIGURATION_INVALID' }
    await expect(reader.commit([step(one.ticket)])).rejects.toMatchObject(readOnly)
    await expect(reader.ping()).rejects.toMatchObject(readOnly)
    await expect(reader.markDelivered({ ticketId: idOf(1), seq: 1 }, MONDAY, null)).rejects.toMatchObject(readOnly)
    expect((await writer.findTicket(idOf(1)))?.revision).toBe(1)
  })

  it('opens when no writer runs', async () => {
    const dataDir = dataFolder()
    const writer = await open({ dataDir })
    await writer.commit([filing(1)])
    await writer.close()
    expect(await (await open({ dataDir, readOnly: true })).countTickets({})).toBe(1)
  })

  it('needs a database', async () => {
    await expect(openStore({ dataDir: dataFolder(), readOnly: true })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
    })
  })
})
