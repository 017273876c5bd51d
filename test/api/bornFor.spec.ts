import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { bornFor } from '../../src/api/bornFor.js'

test('requests and answers have the prototypes that Express gives them before Express sees them, and after', async () => {
  const app = express()
  app.get('/who', (req, res) => {
    res.json({ host: req.hostname, mine: req.app === app && res.app === app, prototypes: of(req, res) })
  })
  const of = (req: IncomingMessage, res: ServerResponse) =>
    Object.getPrototypeOf(req) === app.request && Object.getPrototypeOf(res) === app.response
  const before: boolean[] = []
  const server = createServer(bornFor(app), (req, res) => {
    before.push(of(req, res), req instanceof IncomingMessage, res instanceof ServerResponse)
    app(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/who`)
  expect(await answer.json()).toEqual({ host: '127.0.0.1', mine: true, prototypes: true })
  expect(before).toEqual([true, true, true])
})
