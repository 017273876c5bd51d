import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createApi, startHttp } from '../../src/api/index.js'
import { networkOf } from '../../src/networks.js'
import { createDocuments, type DocumentParts, type DocumentService } from '../../src/documents/index.js'
import { DOCUMENT_KINDS } from '../../src/machines/pengaduan/events.js'
import { folderFileStore, type FileStore } from '../../src/ports/fileStore.js'
import { embeddedScanner } from '../../src/ports/scanner.js'
import { FILING, MINUTE, startHarness, tokenOf, type Harness, type Person } from '../api/harness.js'

export interface Upload {
  readonly bytes: Uint8Array
  readonly name?: string
  /** Null sends no `kind` part. */
  readonly kind?: string | null
}
interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Of an upload that was taken, or the problem of one that was not. */
  readonly body: {
    readonly documents: readonly {
      readonly documentId: string
      readonly state: string
      readonly pages: number
      readonly repeated: boolean
      readonly reason: { readonly code: string; readonly text: { readonly id: string } } | null
    }[]
    readonly code?: string
    readonly errors?: readonly { readonly code: string; readonly message: string }[]
  }
}
/** A document as officers see it in the list. */
interface Listed {
  readonly documentId: string
  readonly kind: string
  readonly state: string
  readonly reason: string | null
  readonly name: string | null
  readonly seenBefore: readonly { readonly ticketId: string; readonly how: string }[]
}
export interface Filer {
  readonly ticketId: string
  readonly token: string
}

/** The whole API with documents of its own: another scanner, other limits. */
export interface DocumentWorld {
  readonly api: Harness
  readonly url: string
  readonly port: number
  readonly documents: DocumentService
  readonly files: FileStore
  /** A complaint whose contacts are proven, and the token that opens it. */
  filer(): Promise<Filer>
  upload(filer: Filer, files: readonly Upload[], as?: Person): Promise<Answer>
  get(path: string, as: Person | Filer | null): Promise<{ status: number; headers: Headers; bytes: Buffer }>
  list(ticketId: string): Promise<readonly Listed[]>
  /** Files in the quarantine, and in the file store. */
  waiting(): Promise<readonly string[]>
  stored(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function startDocuments(
  options: Partial<DocumentParts> = {},
  databaseUrl?: string,
  limits = '',
): Promise<DocumentWorld> {
  const api = await startHarness(databaseUrl === undefined ? { limits } : { databaseUrl, limits })
  const { store, engine, ids, logger, services } = api.deps
  const { clock } = api
  const quarantineFolder = join(api.dataDir, 'quarantine')
  const files = options.files ?? folderFileStore(join(api.dataDir, 'files'))
  const documents = createDocuments({
    store,
    engine,
    vault: services.vault,
    files,
    scanner: embeddedScanner,
    tasks: services.tasks,
    clock,
    ids,
    logger,
    quarantineFolder,
    kinds: DOCUMENT_KINDS,
    networkOf,
    ...options,
  })
  const deps = { ...api.deps, services: { ...services, documents } }
  const http = await startHttp({ app: createApi(deps), host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${http.port}`
  const portal = { id: 'intake', role: 'portal' } as const

  const filer = async (): Promise<Filer> => {
    const ticketId = ids.id()
    await services.vault.newKey(ticketId)
    const filing = { ...FILING, participantRef: `peserta_${ticketId.slice(-6)}-${ticketId.slice(-12, -6)}` }
    await engine.file({ type: 'pengaduan', ticketId, filing, actor: portal, key: null, fingerprint: null })
    clock.advance(MINUTE)
    for (const channel of ['email', 'phone'])
      await engine.handle({
        ticketId,
        event: { type: 'contact.prove', channel },
        actor: portal,
        key: null,
        fingerprint: null,
      })
    clock.advance(MINUTE)
    const { token } = await services.sessions.issue(ticketId)
    return { ticketId, token }
  }
  const bearer = (as: Person | Filer | null): Record<string, string> =>
    as === null ? {} : { authorization: `Bearer ${typeof as === 'string' ? tokenOf(as) : as.token}` }
  const upload: DocumentWorld['upload'] = async (to, parts, as) => {
    const path = as === undefined ? '/v1/pengaduan/documents' : `/v1/tickets/${to.ticketId}/documents`
    const response = await fetch(url + path, { method: 'POST', headers: bearer(as ?? to), body: formOf(parts) })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
  }
  const get: DocumentWorld['get'] = async (path, as) => {
    const response = await fetch(url + path, { headers: bearer(as) })
    return {
      status: response.status,
      headers: response.headers,
      bytes: Buffer.from(await response.arrayBuffer()),
    }
  }
  return {
    api,
    url,
    port: http.port,
    documents,
    files,
    filer,
    upload,
    get,
    async list(ticketId) {
      const { bytes } = await get(`/v1/tickets/${ticketId}/documents`, 'agent')
      return (JSON.parse(bytes.toString()) as { items: Listed[] }).items
    },
    waiting: () => readdir(quarantineFolder).catch(() => []),
    async stored() {
      const refs: string[] = []
      for await (const { ref } of files.list()) refs.push(ref)
      return refs
    },
    async close() {
      await http.stop(1_000)
      await api.close()
    },
  }
}

export function formOf(parts: readonly Upload[]): FormData {
  const form = new FormData()
  for (const { bytes, name = 'ktp.jpg', kind = 'KTP' } of parts) {
    if (kind !== null) form.append('kind', kind)
    form.append('file', new Blob([bytes]), name)
  }
  return form
}
