import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../db/index.js'
import { demonstrationStaff, readDevStaff } from '../../src/cli/devStaff.js'
import { start } from '../../src/cli/serve.js'
import { welcome } from '../../src/cli/welcome.js'
import { loadConfig } from '../../src/config.js'
import { SYNTHETIC_SEED, syntheticPeople } from '../../src/directory/index.js'
import { systemClock } from '../../src/engine/index.js'
import type { Opened } from '../../src/main.js'
import { createVault, localKeyring, openKeyFile } from '../../src/privacy/index.js'
import { passwordCheck } from '../../src/staff/identity/passwords.js'

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
const isReady = async (port: number) => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200
  } catch {
    return false
  }
}

it('a first start is ready only once people, samples and officers are there, and then says where each of them looks', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pulih-start-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const port = await freePort()
  const token = 'agent-token-0123456789'
  const config = loadConfig({ PULIH_TOKENS: `agent:agent-1:${token}`, LOG_LEVEL: 'silent' }, { port, data: folder })
  const starting = start(config, { api: true, work: true }, true, { err: (line) => expect.fail(line) })
  onTestFinished(async () => {
    await (await starting).pulih.stop()
  })
  // As whoever waits for it does: the first thing it answers is what it answers from then on.
  while (!(await isReady(port))) await new Promise((resolve) => setImmediate(resolve))
  const answer = await fetch(`http://127.0.0.1:${port}/v1/tickets`, { headers: { authorization: `Bearer ${token}` } })
  const { items } = (await answer.json()) as { readonly items: readonly unknown[] }
  const { pulih, officers, sample } = await starting
  expect(items.length).toBeGreaterThan(2)
  expect(items).toHaveLength((await pulih.store.listTickets({}, 'filed', 50, null)).items.length)
  expect(await pulih.store.findTicket(sample ?? '')).not.toBeNull()
  const [somebody] = syntheticPeople(SYNTHETIC_SEED, 200, 0)
  expect(await pulih.services.directory.findByNik(somebody?.participant.nik ?? '')).not.toBeNull()

  const told = (hasConsole: boolean) => welcome({ ...pulih, hasConsole }, config, { tokens: [], officers }, sample)
  const url = `http://127.0.0.1:${port}`
  const lines = told(true)
  expect(lines.filter((it) => it.includes(`${url}/petugas`))).toHaveLength(2)
  expect(lines.find((it) => it.startsWith('  officers'))).toBe(`  officers ${url}/petugas  (their console)`)
  const asOfficer = lines.slice(lines.indexOf('As an officer:')).join('\n')
  expect(asOfficer).toContain('npx pulih staff code agent')
  expect(lines.some((it) => it.startsWith('  agent ') && it.includes(officers[0]?.password ?? 'none'))).toBe(true)
  // Where the console was not built nobody is sent there.
  expect(told(false).join('\n')).not.toContain('/petugas')
})

it('officers a start was cut off at are made by the next, with the same words; without their file they get new ones', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pulih-staff-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const config = loadConfig({ LOG_LEVEL: 'silent' }, { data: dataDir })
  const store = await openStore({ dataDir, clock: systemClock })
  onTestFinished(() => store.close())
  const vault = createVault({
    keyring: localKeyring(openKeyFile(dataDir, randomBytes), randomBytes),
    ...{ keys: store.intake.keys, clock: systemClock, random: randomBytes },
  })
  const opened = { store, services: { vault }, engine: { clock: systemClock } } as unknown as Opened
  const dying = { ...store.staff, addGrant: () => Promise.reject(new Error('cut off')) }
  const cut = { ...opened, store: { staff: dying } } as unknown as Opened
  await expect(demonstrationStaff(cut, config)).rejects.toThrow('cut off')
  const written = readDevStaff(dataDir)
  const officers = await demonstrationStaff(opened, config)
  expect(officers).toEqual(written)
  const staff = await store.staff.listStaff()
  const grants = await store.staff.grantsOf(staff.map((it) => it.id))
  expect([staff.length, grants.length]).toEqual([officers.length, officers.length])
  const passwords = passwordCheck('nobody has this')
  const opens = async (username: string, password: string) =>
    passwords.matches((await store.staff.findStaffByUsername(username))?.passwordHash ?? null, password)
  expect(await opens('agent', officers[0]!.password)).toBe(true)

  await rm(join(dataDir, 'dev-staff.json'))
  const [again] = await demonstrationStaff(opened, config)
  expect(again?.password).not.toBe(officers[0]!.password)
  expect([await opens('agent', again!.password), await opens('agent', officers[0]!.password)]).toEqual([true, false])
  expect(await store.staff.listStaff()).toHaveLength(officers.length)
})
