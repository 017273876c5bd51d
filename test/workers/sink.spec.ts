import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { embeddedSink, httpSink, type Outgoing } from '../../src/ports/sink.js'
import { freePort } from '../support/servers.js'
import { Receiver } from './world.js'

const message: Outgoing = { id: 't-1-7', ticketId: 't-1', kind: 'message', body: { template: 'received' } }
const command: Outgoing = { id: 't-1-8', ticketId: 't-1', kind: 'port', body: { port: 'account' } }

describe('the HTTP sink', () => {
  let receiver: Receiver
  beforeEach(async () => {
    receiver = await Receiver.open()
  })
  afterEach(() => receiver.close())

  it('posts the row under its id', async () => {
    expect(await httpSink({ url: receiver.url }).deliver(message)).toEqual({ outcome: 'accepted' })
    expect(receiver.got).toEqual([{ ...message, key: '"t-1-7"' }])
  })

  it.each([
    [{ status: 204 }, { outcome: 'accepted' }],
    [
      { status: 422, body: { code: 'ACCOUNT_LOCKED' } },
      { outcome: 'refused', code: 'ACCOUNT_LOCKED' },
    ],
  ])('reads %j as an answer', async (answer, outcome) => {
    receiver.answer = () => answer
    expect(await httpSink({ url: receiver.url }).deliver(command)).toEqual(outcome)
  })

  it.each([
    [{ status: 503 }, 'SinkAnswered503'],
    [{ status: 409 }, 'SinkAnswered409'],
    [{ status: 422, body: { code: 'free text about somebody' } }, 'SinkAnswered422'],
    [{ status: 422, body: 'nothing' }, 'SinkAnswered422'],
  ])('wants to try again after %j', async (answer, name) => {
    receiver.answer = () => answer
    await expect(httpSink({ url: receiver.url }).deliver(command)).rejects.toMatchObject({ name })
  })

  it('names silence and absence', async () => {
    receiver.answer = () => new Promise<never>(() => undefined)
    await expect(httpSink({ url: receiver.url, timeoutMs: 50 }).deliver(message)).rejects.toMatchObject({
      name: 'SinkTimeout',
    })
    const url = `http://127.0.0.1:${await freePort()}/`
    await expect(httpSink({ url }).deliver(message)).rejects.toMatchObject({ name: 'SinkUnreachable' })
  })
})

it('the embedded sink keeps messages in the mailbox and commands at their port', async () => {
  expect(await embeddedSink.deliver(command)).toEqual({ outcome: 'accepted' })
  expect([embeddedSink.recordAs(message), embeddedSink.recordAs(command)]).toEqual(['mailbox', 'account'])
})
