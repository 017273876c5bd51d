import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../../src/config.js'
import { startPulih } from '../../src/main.js'
import { hasRedis, startRedis } from '../support/servers.js'
import { readExposition, valueOf } from './exposition.js'
import { Collector } from './world.js'

it('a whole Pulih is measured and traced as its environment says', async () => {
  const otlp = await Collector.open()
  onTestFinished(() => otlp.close())
  const redis = hasRedis ? await startRedis() : null
  onTestFinished(async () => redis?.stop())
  const folder = await mkdtemp(join(tmpdir(), 'pulih-observed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const token = 'scrape-me-0123456789'
  const config = loadConfig({
    PORT: '0',
    PULIH_DATA: folder,
    QUEUE_URL: redis?.url ?? '',
    LOG_LEVEL: 'silent',
    PULIH_TOKENS: 'portal:portal-1:portal-token-0123456789',
    METRICS_PORT: '0',
    METRICS_TOKEN: token,
    OTEL_EXPORTER_OTLP_ENDPOINT: new URL(otlp.url).origin,
  })
  const pulih = await startPulih(config)
  const scrape = async (port: number | null) => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    expect(response.status).toBe(200)
    return readExposition(await response.text())
  }
  const filing = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ref_abcdef1', declaration: true }
  const filed = await fetch(`http://127.0.0.1:${pulih.port}/v1/tickets`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer portal-token-0123456789',
      'idempotency-key': '"one"',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ type: 'pengaduan', ...filing }),
  })
  expect(filed.status).toBe(202)
  const delivered = { kind: 'message', outcome: 'delivered' }
  await expect
    .poll(async () => valueOf(await scrape(pulih.probesPort), 'pulih_outbox_deliveries_total', delivered), {
      timeout: 45_000,
    })
    .toBe(1)
  const families = await scrape(pulih.port)
  expect(valueOf(families, 'pulih_commands_total', { source: 'file' })).toBe(1)
  expect(valueOf(families, 'pulih_queue_up', { queue: 'notifications' })).toBe(1)
  expect((await fetch(`http://127.0.0.1:${pulih.probesPort}/metrics`)).status).toBe(401)
  expect((await fetch(`http://127.0.0.1:${pulih.probesPort}/readyz`)).status).toBe(200)
  expect(await pulih.stop()).toBe(true)
  // What was left is sent before the stop is over.
  const sent = otlp.bodies.join('\n')
  for (const name of ['POST /v1/tickets', 'engine.commit', 'outbox.relay', 'outbox.deliver', 'sink.deliver'])
    expect(sent).toContain(`"name":"${name}"`)
  await expect(fetch(`http://127.0.0.1:${pulih.probesPort}/livez`)).rejects.toThrow()
}, 60_000)
