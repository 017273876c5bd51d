import { PulihError } from '../engine/errors.js'
import { keyLooksPersonal } from './personalData.js'

/** The fullest key the store keeps, `<actorId>:<key>` (R-IDEM-4); 190 leaves room for the longest actor id. */
const KEY_MAX = 190

/**
 * The Idempotency-Key: a structured-field string ("…", with \" and \\ escaped); a bare token is taken as well. Keys are
 * stored, so one that looks like a NIK, KPJ, e-mail address or phone number is refused.
 * Throws IDEMPOTENCY_KEY_REQUIRED or IDEMPOTENCY_KEY_MALFORMED.
 */
export function readIdempotencyKey(header: string | undefined): string {
  const text = header?.trim() ?? ''
  if (text === '')
    throw new PulihError('IDEMPOTENCY_KEY_REQUIRED', 'a POST that changes something needs an Idempotency-Key')
  const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)
  const key = quoted === null ? bareToken(text) : (quoted[1] ?? '').replaceAll(/\\(["\\])/g, '$1')
  if (key === null || !/^[\x21-\x7e]+$/.test(key) || key.length > KEY_MAX || keyLooksPersonal(key))
    throw new PulihError('IDEMPOTENCY_KEY_MALFORMED', 'the Idempotency-Key is not one string of visible ASCII')
  return key
}
const bareToken = (text: string): string | null => (/^[A-Za-z0-9._~:/+=*-]+$/.test(text) ? text : null)

/**
 * The content version that a decision was made on (R-API-2, A32); undefined without the header.
 * Throws VERSION_MALFORMED for `*`, lists and anything but one entity tag, VERSION_STALE for a weak or foreign tag,
 * because neither can match.
 */
export function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const tag = /^\s*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*$/.exec(header)
  if (tag === null) throw new PulihError('VERSION_MALFORMED', 'If-Match is not one entity tag')
  const version = /^v(0|[1-9]\d{0,8})$/.exec(tag[2] ?? '')
  if (tag[1] !== undefined || version === null)
    throw new PulihError('VERSION_STALE', 'the entity tag can match no version')
  return Number(version[1])
}

/** The strong entity tag of a content version. */
export const etagOf = (contentVersion: number): string => `"v${contentVersion}"`

/**
 * A caller's own request id when it is a UUID, a ULID or 16 to 64 hexadecimal digits, else undefined: it is echoed and logged,
 * so whatever might be text or personal is not taken (R-LOG-1).
 */
export function readRequestId(header: string | undefined): string | undefined {
  if (
    header === undefined ||
    !/^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{16,64})$/i.test(header)
  )
    return undefined
  return /^\d+$/.test(header) ? undefined : header
}
