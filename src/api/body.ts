import { isUtf8 } from 'node:buffer'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { PulihError } from '../engine/errors.js'
import type { JsonObject } from './context.js'

const BODY_LIMIT_BYTES = 1_000_000
const MAX_DEPTH = 32
/** How long a body of at most 1 MB may be on its way. */
const BODY_MS = 30_000
const JSON_UTF8 = /^application\/json *(?:; *charset *= *"?utf-8"? *)?$/i

const readBytes: RequestHandler = express.raw({ type: () => true, limit: BODY_LIMIT_BYTES, inflate: false })

/**
 * The body as one JSON object. Throws MEDIA_TYPE_UNSUPPORTED (other type, charset or a compressed body), BODY_TOO_LARGE over 1 MB,
 * BODY_MALFORMED (no object, not JSON, not UTF-8, nested more than 32 deep), REQUEST_TIMEOUT.
 */
export async function readJsonBody(req: Request, res: Response): Promise<JsonObject> {
  if (!JSON_UTF8.test(req.headers['content-type'] ?? ''))
    throw new PulihError('MEDIA_TYPE_UNSUPPORTED', 'the body is not application/json in UTF-8')
  await new Promise<void>((resolve, reject) => {
    const overdue = setTimeout(
      () => reject(new PulihError('REQUEST_TIMEOUT', 'the body did not come in time')),
      BODY_MS,
    )
    readBytes(req, res, (error?: unknown) => {
      clearTimeout(overdue)
      if (error === undefined) resolve()
      else reject(error instanceof Error ? error : new Error('body reader failed'))
    })
  })
  const bytes: unknown = req.body
  if (!Buffer.isBuffer(bytes) || !isUtf8(bytes) || depthOf(bytes) > MAX_DEPTH) throw malformed()
  const value = parseJson(bytes.toString('utf8'))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
  return value as JsonObject
}

/** The parser's message repeats input, so it is dropped. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed()
  }
}
const malformed = () => new PulihError('BODY_MALFORMED', 'the body is not one JSON object within the limits')

const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}')

/** Deepest nesting, counted on the bytes before any parser recurses into them. */
function depthOf(bytes: Buffer): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inString) {
      if (byte === BACKSLASH) i++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) deepest = Math.max(deepest, ++depth)
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--
  }
  return deepest
}
