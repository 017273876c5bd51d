import type { ProblemBody } from './types.js'
import { serverTime } from './serverTime.js'
import { language } from '../app/preferences.js'

/** A refusal of the API (RFC 9457), or that it could not be reached (`OFFLINE`). What people read of it: parts/Problem.tsx. */
export class ApiProblem extends Error {
  readonly code: string
  readonly status: number
  constructor(
    readonly body: Partial<ProblemBody> & { readonly code: string; readonly status: number },
    readonly retryAfter: number | null = null,
  ) {
    super(body.code)
    this.code = body.code
    this.status = body.status
  }
}
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem({ code: 'UNEXPECTED', status: 0 })

export interface Answer<T> {
  readonly body: T
  readonly etag: string | null
}
interface Sent {
  readonly body?: unknown
  /** One per act of the person, kept through retries. */
  readonly key?: string
  /** The content version that the person saw. */
  readonly version?: number
  readonly signal?: AbortSignal | undefined
}

/** Who asks for a fresh code when the API wants one, and who is told that the session is gone. Set once by the app. */
interface Gate {
  stepUp: () => Promise<boolean>
  lost: () => void
  used: () => void
}
const gate: Gate = { stepUp: () => Promise.resolve(false), lost: () => undefined, used: () => undefined }
export const setGate = (it: Partial<Gate>): void => void Object.assign(gate, it)

export const newKey = (): string => crypto.randomUUID()

export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await send<T>('GET', path, { signal })).body
export const post = async <T>(path: string, sent: Sent = {}): Promise<T> => (await send<T>('POST', path, sent)).body
/** A picture, for an object URL. */
export const getBlob = async (path: string, signal?: AbortSignal): Promise<Blob> =>
  (await answered('GET', path, { signal })).blob()

/** Throws ApiProblem. A question for a fresh code is put to the person, and the same request is sent again. */
export async function send<T>(method: 'GET' | 'POST', path: string, sent: Sent = {}): Promise<Answer<T>> {
  const response = await answered(method, path, sent)
  const body: unknown = response.status === 204 ? null : await response.json()
  return { body: body as T, etag: response.headers.get('etag') }
}

/** A form with a file in it; `onSent` hears the part that has gone out, 0 to 1. Throws ApiProblem. */
export async function upload<T>(path: string, form: FormData, onSent: (part: number) => void): Promise<T> {
  const { status, text, after } = await carried(path, form, onSent)
  if (status >= 200 && status < 300) {
    gate.used()
    return JSON.parse(text) as T
  }
  const problem = new ApiProblem(bodyOf(status, text), afterOf(after))
  if (problem.code === 'UNAUTHENTICATED') gate.lost()
  throw problem
}
const bodyOf = (status: number, text: string) => {
  try {
    return { code: 'UNEXPECTED', status, ...(JSON.parse(text) as Partial<ProblemBody>) }
  } catch {
    return { code: 'UNEXPECTED', status }
  }
}
/** `fetch` does not tell how far it is. */
const carried = (path: string, form: FormData, onSent: (part: number) => void) =>
  new Promise<{ status: number; text: string; after: string | null }>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('Accept-Language', language())
    request.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 0 : loaded / total)
    request.onload = () => {
      const { status, responseText: text } = request
      resolve({ status, text, after: request.getResponseHeader('retry-after') })
    }
    request.onerror = () => reject(new ApiProblem({ code: 'OFFLINE', status: 0 }))
    request.send(form)
  })

async function answered(method: string, path: string, sent: Sent, again = false): Promise<Response> {
  const response = await transported(method, path, sent)
  if (response.ok) {
    gate.used()
    return response
  }
  const problem = await problemOf(response)
  if (problem.code === 'UNAUTHENTICATED' && !path.startsWith('/v1/session')) gate.lost()
  if (problem.code === 'STEP_UP_REQUIRED' && !again && (await gate.stepUp())) return answered(method, path, sent, true)
  throw problem
}

async function transported(method: string, path: string, { body, key, version, signal }: Sent): Promise<Response> {
  const headers: Record<string, string> = { Accept: '*/*', 'Accept-Language': language() }
  if (method === 'POST') headers['Content-Type'] = 'application/json'
  if (key !== undefined) headers['Idempotency-Key'] = `"${key}"`
  if (version !== undefined) headers['If-Match'] = `"v${version}"`
  try {
    const response = await fetch(path, {
      ...{ method, headers, credentials: 'same-origin', cache: 'no-store', redirect: 'error' },
      signal: signal ?? null,
      body: method === 'POST' ? JSON.stringify(body ?? {}) : null,
    })
    serverTime.heard(response.headers.get('date'))
    return response
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw new ApiProblem({ code: 'OFFLINE', status: 0 })
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => null)) as ProblemBody | null
  return new ApiProblem(
    { code: 'UNEXPECTED', status: response.status, ...body },
    afterOf(response.headers.get('retry-after')),
  )
}

function afterOf(header: string | null): number | null {
  const after = Number(header)
  return Number.isFinite(after) && after > 0 ? after : null
}
