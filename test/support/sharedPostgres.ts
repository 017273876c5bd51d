import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { inject, onTestFinished } from 'vitest'
import { databasesOf, type Databases } from './postgres.js'

let databases: Promise<Databases> | null = null

/**
 * The databases of the one PostgreSQL that all test files share (onePostgres.ts): for those that need databases only. Whoever stops,
 * configures or counts connections of a server starts one (startPostgres). What belongs to a server as a whole, as roles do, is everybody's.
 */
export const sharedPostgres = (): Promise<Databases> => (databases ??= ask(inject('postgresDoor')))

async function ask(door: number): Promise<Databases> {
  const { url, problem } = JSON.parse(await text(connect(door, '127.0.0.1'))) as { url?: string; problem?: string }
  if (url === undefined) throw new Error(`the PostgreSQL of all test files did not start: ${problem}`)
  return databasesOf(url)
}

/** A database for the test that runs, emptied for another one after its hooks, which close what uses it. */
export async function databaseOfTest(): Promise<string> {
  const server = await sharedPostgres()
  const url = await server.database()
  onTestFinished(() => server.giveBack(url))
  return url
}
