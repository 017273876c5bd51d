import { loadConfig } from '../src/config.js'
import { createLogger } from '../src/logging.js'
import { startPulih } from '../src/main.js'

/**
 * `node --import tsx bench/uploadsSeed.ts DIR COUNT QUEUE_URL`: so many complaints whose contacts are proven. Sends their status tokens to
 * its parent and ends: the server that is measured is another process.
 */
const [data = '', count = '0', queue = ''] = process.argv.slice(2)
const portal = { id: 'intake', role: 'portal' } as const
const filing = {
  route: 'layanan_digital',
  cause: 'EMAIL_DAN_HP_HILANG',
  participantRef: 'peserta_bench01',
  declaration: true,
}
const pulih = await startPulih(loadConfig({ LOG_LEVEL: 'error', QUEUE_URL: queue }, { data, port: 0 }), {
  logger: createLogger({ level: 'error' }),
})
const { engine, services } = pulih
const tokens: string[] = []
for (let index = 0; index < Number(count); index++) {
  const ticketId = crypto.randomUUID()
  await services.vault.newKey(ticketId)
  await engine.file({ type: 'pengaduan', ticketId, filing, actor: portal, key: null, fingerprint: null })
  for (const channel of ['email', 'phone']) {
    const event = { type: 'contact.prove', channel }
    await engine.handle({ ticketId, event, actor: portal, key: null, fingerprint: null })
  }
  tokens.push((await services.sessions.issue(ticketId)).token)
}
await pulih.stop()
process.send?.(tokens, () => process.exit(0))
