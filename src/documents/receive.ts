import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import busboy, { type Busboy } from 'busboy'
import { PulihError } from '../engine/errors.js'
import type { Limits } from './limits.js'
import type { Quarantine, Quarantined } from './quarantine.js'
import { malformed, Refused } from './refusals.js'

/** One file of a request, as far as it could be taken. */
export interface Part {
  /** What the `kind` part before it said; null without one. */
  readonly kind: string | null
  /** The user's own name for it: text, never a path. */
  readonly name: string
  readonly file: Quarantined | Refused
}

const FIELDS = 12
const FIELD_BYTES = 64
/** Files beyond those that are taken are told so one by one, up to here; then the request is cut. */
const SPARE_FILES = 5
const HEADERS = 16
/** A sender that is told no may finish its sentence for so long, so that it hears the answer. */
const LINGER_MS = 5_000

/**
 * Reads `multipart/form-data` into the quarantine, with every limit held while it streams (R-FILE-1). One file that cannot be taken loses
 * no other. On a throw nothing is left: UPLOAD_MALFORMED, REQUEST_TIMEOUT (stalled or slow), DOCUMENT_TOO_LARGE and DOCUMENT_TOO_MANY
 * (far over the limits), MEDIA_TYPE_UNSUPPORTED.
 */
export async function receive(
  request: IncomingMessage,
  quarantine: Quarantine,
  limits: Limits,
): Promise<readonly Part[]> {
  const parser = parserOf(request, limits)
  const receiving = new Receiving(quarantine, limits)
  try {
    await stream(request, parser, receiving, limits)
    return await receiving.finish()
  } catch (error) {
    await receiving.abandon()
    linger(request)
    throw error
  }
}

/** Removes what is still there of these. */
export const discard = async (parts: readonly Part[]): Promise<void> => {
  for (const { file } of parts) if (!(file instanceof Refused)) await file.remove()
}

function parserOf({ headers }: IncomingMessage, { fileBytes, files, requestBytes }: Limits): Busboy {
  if (!/^multipart\/form-data *;/i.test(headers['content-type'] ?? '') || headers['content-encoding'] !== undefined)
    throw new PulihError('MEDIA_TYPE_UNSUPPORTED', 'the body is not multipart/form-data')
  if (Number(headers['content-length'] ?? 0) > requestBytes) throw tooLarge()
  try {
    return busboy({
      headers,
      defParamCharset: 'utf8',
      limits: {
        fields: FIELDS,
        fieldNameSize: FIELD_BYTES,
        fieldSize: FIELD_BYTES,
        // The parser calls a file of just this size too large.
        fileSize: fileBytes + 1,
        files: files + SPARE_FILES,
        parts: FIELDS + files + SPARE_FILES,
        headerPairs: HEADERS,
      },
    })
  } catch {
    throw malformed()
  }
}
const tooLarge = () => new PulihError('DOCUMENT_TOO_LARGE', 'the request is larger than a case may be')

/** Resolves when the last part has begun to be saved; rejects at the first thing that is wrong with the request as a whole. */
function stream(request: IncomingMessage, parser: Busboy, receiving: Receiving, limits: Limits): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    const fail = (error: PulihError) => {
      settle()
      request.unpipe(parser)
      parser.destroy(error)
      reject(error)
    }
    const late = () => fail(new PulihError('REQUEST_TIMEOUT', 'the upload stalled'))
    const whole = setTimeout(late, limits.receiveMs)
    let stalled = setTimeout(late, limits.stallMs)
    let seconds = 0
    // Counted in ticks: a process that was busy itself blames nobody.
    const paced = setInterval(() => {
      seconds += 1
      if (bytes < (seconds - limits.graceMs / 1_000) * limits.bytesPerSecond) late()
    }, 1_000)
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      clearTimeout(stalled)
      stalled = setTimeout(late, limits.stallMs)
      if (bytes > limits.requestBytes) fail(tooLarge())
    }
    const gone = () => fail(malformed())
    const settle = () => {
      clearTimeout(whole)
      clearTimeout(stalled)
      clearInterval(paced)
      request.off('data', count).off('aborted', gone).off('error', gone)
    }
    parser.on('field', (name, value, { valueTruncated }) => {
      if (name !== 'kind') fail(malformed())
      else receiving.kind = valueTruncated ? '' : value
    })
    parser.on('file', (_name, file, { filename }) => receiving.save(file, filename ?? ''))
    for (const limit of ['fieldsLimit', 'partsLimit'] as const) parser.on(limit, () => fail(malformed()))
    parser.on('filesLimit', () => fail(new PulihError('DOCUMENT_TOO_MANY', 'far too many files')))
    // Its own words hold parts of the input.
    parser.on('error', () => fail(malformed()))
    parser.on('close', () => {
      settle()
      resolve()
    })
    request.on('data', count).once('aborted', gone).once('error', gone)
    if (request.destroyed) gone()
    else request.pipe(parser)
  })
}

/** The files of one request on their way into the quarantine. */
class Receiving {
  kind: string | null = null
  readonly #quarantine: Quarantine
  readonly #limits: Limits
  readonly #saving: Promise<Part>[] = []
  #bytes = 0

  constructor(quarantine: Quarantine, limits: Limits) {
    this.#quarantine = quarantine
    this.#limits = limits
  }

  save(file: Readable & { truncated?: boolean }, name: string): void {
    const { kind } = this
    // It may break before anybody reads it; whoever reads it then is told.
    file.on('error', () => undefined)
    const saving = this.#take(file).then((taken) => ({ kind, name, file: taken }))
    // Looked at when the request is over; until then a failure must not count as unhandled.
    saving.catch(() => undefined)
    this.#saving.push(saving)
  }

  finish(): Promise<readonly Part[]> {
    return Promise.all(this.#saving)
  }

  /** After what began has ended, so that nothing is written behind our back. */
  async abandon(): Promise<void> {
    const settled = await Promise.allSettled(this.#saving)
    await discard(settled.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : [])))
  }

  async #take(file: Readable & { truncated?: boolean }): Promise<Quarantined | Refused> {
    const { files, caseBytes } = this.#limits
    if (this.#saving.length >= files) return tooMany(file)
    const state = { over: false }
    const bounded = async function* (receiving: Receiving): AsyncGenerator<Buffer> {
      for await (const chunk of file as AsyncIterable<Buffer>) {
        receiving.#bytes += chunk.length
        state.over ||= receiving.#bytes > caseBytes
        if (!state.over) yield chunk
      }
    }
    const taken = await this.#quarantine.take(bounded(this))
    if (!state.over && file.truncated !== true) return taken
    await taken.remove()
    return new Refused('DOCUMENT_TOO_LARGE')
  }
}

/** Read to its end all the same: the parser waits for that. */
async function tooMany(file: Readable): Promise<Refused> {
  file.resume()
  await finished(file)
  return new Refused('DOCUMENT_TOO_MANY')
}

/** Reads on into nothing for a moment: a connection that is closed upon unread bytes takes the answer with it. */
function linger(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  request.resume()
  const cut = setTimeout(() => request.destroy(), LINGER_MS).unref()
  request.once('close', () => clearTimeout(cut))
}
