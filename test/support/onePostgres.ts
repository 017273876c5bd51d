import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import type { TestProject } from 'vitest/node'
import type { PostgresServer } from './postgres.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The loopback port that tells where the PostgreSQL of all test files is (sharedPostgres.ts). */
    postgresDoor: number
  }
}

/** Vitest runs a global setup for each project: they share what is here. */
const shared = globalThis as { pulihPostgres?: { readonly door: Promise<Door>; users: number } | undefined }

/** One PostgreSQL for all test files of a run, a child of vitest's own process, started when the first of them asks. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mine = (shared.pulihPostgres ??= { door: Door.open(), users: 0 })
  mine.users++
  const door = await mine.door
  project.provide('postgresDoor', door.port)
  return async () => {
    if (--mine.users > 0) return
    shared.pulihPostgres = undefined
    await door.close()
  }
}

/** Three workers with stores of up to 16 connections each, several of them in a test. */
const SETTINGS = ['max_connections=500', 'shared_buffers=128MB']

class Door {
  readonly port: number
  readonly #listener: Server
  #postgres: Promise<PostgresServer> | null = null

  private constructor(listener: Server) {
    this.#listener = listener
    this.port = (listener.address() as AddressInfo).port
  }

  static async open(): Promise<Door> {
    const listener = createServer()
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const door = new Door(listener)
    listener.on('connection', (socket) => {
      socket.on('error', () => undefined)
      door.#started().then(
        ({ url }) => socket.end(JSON.stringify({ url })),
        (error: unknown) => socket.end(JSON.stringify({ problem: String(error) })),
      )
    })
    return door
  }

  #started(): Promise<PostgresServer> {
    // Loaded by then only: most runs of a single file need none.
    return (this.#postgres ??= import('./postgres.js').then(({ startPostgres }) => startPostgres(SETTINGS)))
  }

  async close(): Promise<void> {
    this.#listener.close()
    const postgres = await this.#postgres?.catch(() => null)
    await postgres?.stop()
  }
}
