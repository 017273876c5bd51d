import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { start } from '../../src/cli/serve.js'
import { welcome } from '../../src/cli/welcome.js'
import { loadConfig } from '../../src/config.js'
import { SYNTHETIC_SEED, syntheticPeople } from '../../src/directory/index.js'

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
