import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Outcome } from '../../src/documents/index.js'
import type { PrivacyWorld } from './world.js'

export const participantOf = (ticketId: string) => ({
  id: `ps_${ticketId.replaceAll(/[^a-f]/g, 'g')}`,
  role: 'participant' as const,
})
const agent = { id: 'agent-1', role: 'agent' as const }
const portal = { id: 'intake', role: 'portal' as const }

/** One event of one ticket, decided on what it is now. */
export async function send(
  { engine, store, clock }: PrivacyWorld,
  ticketId: string,
  type: string,
  payload: Readonly<Record<string, unknown>> = {},
  as: 'agent' | 'portal' = 'agent',
): Promise<void> {
  clock.advance(1_000)
  const expectedContentVersion = (await store.findTicket(ticketId))?.contentVersion
  const actor = as === 'agent' ? agent : portal
  await engine.handle({
    ticketId,
    event: { type, ...payload },
    actor,
    key: null,
    fingerprint: null,
    expectedContentVersion,
  })
}

/** Both contacts proven, as the ticket and the rows have it. */
export async function proveBoth(world: PrivacyWorld, ticketId: string): Promise<void> {
  for (const channel of ['email', 'phone']) await send(world, ticketId, 'contact.prove', { channel }, 'portal')
  await world.raw(
    `UPDATE contacts SET proven_generation = generation, proven_at = ${world.clock.now()} WHERE ticket_id = '${ticketId}'`,
  )
}

export interface Paper {
  readonly kind: string
  readonly name: string
  readonly bytes: Uint8Array
}

/** Uploads as a participant does: a real multipart request into the world's own service. */
export async function upload(
  world: PrivacyWorld,
  ticketId: string,
  papers: readonly Paper[],
): Promise<readonly Outcome[]> {
  const { documents } = world.services
  const taken: Promise<readonly Outcome[]>[] = []
  const server = createServer((request, response) => {
    const taking = documents.upload(ticketId, participantOf(ticketId), request)
    taken.push(taking)
    void taking.then(
      () => response.end(),
      () => response.writeHead(500).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const form = new FormData()
  for (const { kind, name, bytes } of papers) {
    form.append('kind', kind)
    form.append('file', new Blob([bytes]), name)
  }
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method: 'POST', body: form })
  const [outcomes] = await Promise.all(taken)
  if (outcomes === undefined) throw new Error('the request did not come')
  return outcomes
}

/** Names of every file in the file store's folder, as they lie on disk. */
export const onDisk = ({ place }: PrivacyWorld): ReadonlySet<string> =>
  new Set(
    readdirSync(join(place.dataDir, 'files'), { withFileTypes: true, recursive: true })
      .filter((it) => it.isFile())
      .map((it) => it.name),
  )

/** Files of a ticket by what names them: `originals` and `pages`. */
export async function filesOf({ raw }: PrivacyWorld, ticketId: string) {
  const originals = await raw(
    `SELECT original_ref AS ref FROM documents WHERE ticket_id = '${ticketId}' AND original_ref IS NOT NULL`,
  )
  const pages = await raw(
    `SELECT file_ref AS ref FROM document_pages JOIN documents ON documents.id = document_id WHERE ticket_id = '${ticketId}'`,
  )
  return { originals: originals.map((it) => String(it['ref'])), pages: pages.map((it) => String(it['ref'])) }
}
