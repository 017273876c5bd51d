import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { embeddedSink, httpSink, type Outgoing } from '../../src/ports/sink.js'
import { eventSink } from '../../src/recovery/index.js'

const AT = Date.UTC(2026, 2, 17, 2, 0)
const row: Outgoing = {
  ...{ id: 'ticket-1-9-abc', ticketId: 'ticket-1', kind: 'port' },
  body: { port: 'events', operation: 'contactChanged', at: AT, data: { cycle: 2, participantRef: 'ps_abcdef' } },
}
const received: { type: string | undefined; key: unknown; body: unknown }[] = []
const server = createServer((req, res) => {
  const parts: Buffer[] = []
  req.on('data', (part: Buffer) => parts.push(part))
  req.on('end', () => {
    const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'))
    received.push({ type: req.headers['content-type'], key: req.headers['idempotency-key'], body })
    res.writeHead(202).end()
  })
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))

it('R-HOLD-5 a changed contact leaves as the CloudEvent of its contract, ids and instants only', async () => {
  const { port } = server.address() as AddressInfo
  const sink = eventSink(httpSink({ url: `http://127.0.0.1:${port}` }), 7)
  expect(await sink.deliver(row)).toEqual({ outcome: 'accepted' })
  const data = {
    ...{ ticketId: 'ticket-1', cycle: 2, participantRef: 'ps_abcdef' },
    sensitiveUntil: '2026-03-24T02:00:00.000Z',
  }
  const event = {
    ...{ specversion: '1.0', id: row.id, source: 'urn:pulih', type: 'id.pulih.pengaduan.contact-changed.v1' },
    ...{ subject: 'ticket-1', time: '2026-03-17T02:00:00.000Z', datacontenttype: 'application/json', data },
  }
  expect(received).toEqual([{ type: 'application/cloudevents+json', key: `"${row.id}"`, body: event }])
  const file = new URL('../../docs/contracts/contact-changed.v1.schema.json', import.meta.url)
  const schema = JSON.parse(readFileSync(file, 'utf8')) as {
    required: string[]
    properties: { data: { required: string[] } }
  }
  expect(Object.keys(event).sort()).toEqual(schema.required.toSorted())
  expect(Object.keys(data).sort()).toEqual(schema.properties.data.required.toSorted())
})

it('without a receiver it is kept beside its outbox row; what nobody described is a fault', async () => {
  const sink = eventSink(embeddedSink, 7)
  expect(await sink.deliver(row)).toEqual({ outcome: 'accepted' })
  expect(sink.recordAs(row)).toBe('events')
  expect(() => sink.deliver({ ...row, body: { ...row.body, operation: 'other' } })).toThrow('no such outgoing event')
})
