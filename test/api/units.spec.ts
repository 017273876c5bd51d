import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authenticate, developmentTokens } from '../../src/api/auth.js'
import { readCursor, writeCursor } from '../../src/api/cursor.js'
import { canonicalJson } from '../../src/api/idempotency.js'
import { keyLooksPersonal, looksPersonal } from '../../src/api/personalData.js'
import { etagOf, readIdempotencyKey, readIfMatch } from '../../src/api/requestHeaders.js'
import { inWords } from '../../src/api/words.js'
import { TOKEN_ROLES } from '../../src/config.js'
import { createLogger, describeError } from '../../src/logging.js'

describe('Idempotency-Key', () => {
  it('any visible text survives quoting as a structured-field string', () => {
    fc.assert(
      fc.property(
        fc.string({
          minLength: 1,
          maxLength: 95,
          unit: fc.integer({ min: 0x21, max: 0x7e }).map((it) => String.fromCharCode(it)),
        }),
        (key) => {
          const quoted = `"${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
          fc.pre(!keyLooksPersonal(key))
          expect(readIdempotencyKey(quoted)).toBe(key)
        },
      ),
    )
  })
  it.each([
    '20338-1795237000000-3-17',
    'order-20261121120000-01',
    '2026-11-21T12:00:00Z',
    '3174-0123-4567-8901',
    '317401234567890123',
    '081234567',
    '08123456789012',
    'f81d4fae-7dec-11d0-a765-a12345678901',
    '0123456789abcdefa12345678901abcd',
  ])('%s is an ordinary key', (key) => {
    expect(readIdempotencyKey(key)).toBe(key)
    expect(readIdempotencyKey(`"${key}"`)).toBe(key)
  })
  it.each([
    '3174012345678901',
    'nik:3174012345678901-1',
    '12345678901',
    'kpj_12345678901',
    '0812345678',
    '0812345678901',
    '+6281234567890',
    'hp-6281234567',
    '62812345678901',
    '"budi@example.com"',
  ])('%s is refused as personal data, unrepeated', (key) => {
    expect(() => readIdempotencyKey(key)).toThrow(
      expect.objectContaining({
        code: 'IDEMPOTENCY_KEY_MALFORMED',
        message: 'the Idempotency-Key is not one string of visible ASCII',
      }),
    )
  })
  it('bodies keep the stricter rule', () => {
    expect(looksPersonal('3174-0123-4567-8901')).toBe(true)
    expect(looksPersonal('0812-3456-7890')).toBe(true)
  })
  it('190 characters are the most, so that the longest actor id still fits the store’s 255', () => {
    expect(readIdempotencyKey(`"${'k'.repeat(190)}"`)).toHaveLength(190)
    expect(190 + 1 + 64).toBeLessThanOrEqual(255)
  })
})

describe('If-Match', () => {
  it('reads back every entity tag that is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (version) => {
        expect(readIfMatch(etagOf(version))).toBe(version)
      }),
    )
    expect(readIfMatch(undefined)).toBeUndefined()
  })
  it.each(['"v08"', '"v00"', '"V8"', '"v"', '"v1000000000"', '"v-1"', '""', '"8"', '"v8é"', 'W/"v8"'])(
    '%s is well formed and matches no version',
    (tag) => {
      expect(() => readIfMatch(tag)).toThrow(expect.objectContaining({ code: 'VERSION_STALE' }))
    },
  )
})

describe('canonical JSON', () => {
  it('is the same for the same content in any order of names, and different for other content', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed())
        expect(canonicalJson(turned)).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }))
    expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: 1 }))
  })
})

describe('cursors', () => {
  const scope = { list: 'tickets', order: 'filed' }
  it('read back what was written, for the same list only', () => {
    fc.assert(
      fc.property(fc.option(fc.integer()), fc.string({ maxLength: 64 }), (key, id) => {
        const text = writeCursor({ key, id }, scope) ?? ''
        expect(readCursor(text, scope)).toEqual({ key, id })
        expect(() => readCursor(text, { ...scope, order: 'due' })).toThrow(
          expect.objectContaining({ code: 'CURSOR_MALFORMED' }),
        )
      }),
    )
  })
  it('anything else is refused, never understood halfway', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        expect(() => readCursor(text, scope)).toThrow(expect.objectContaining({ code: 'CURSOR_MALFORMED' }))
      }),
    )
    expect(readCursor(undefined, scope)).toBeNull()
    expect(writeCursor(null, scope)).toBeNull()
  })
})

describe('what looks personal', () => {
  const digits = (length: number) =>
    fc.string({ minLength: length, maxLength: length, unit: fc.integer({ min: 0, max: 9 }).map(String) })
  const around = fc.constantFrom('', ' ', 'nomor ', ', ', ' (', 'x')
  it('finds a NIK, a KPJ and a phone number wherever they stand and however they are written apart', () => {
    const number = fc.oneof(
      digits(16),
      digits(11),
      digits(9).map((it) => `08${it}`),
      digits(9).map((it) => `+628${it}`),
    )
    fc.assert(
      fc.property(
        around,
        number,
        around,
        fc.constantFrom('', ' ', '-', '.', '. '),
        fc.integer({ min: 2, max: 6 }),
        (before, text, after, separator, step) => {
          const plus = text.startsWith('+') ? '+' : ''
          const apart =
            text
              .replace('+', '')
              .match(new RegExp(`.{1,${step}}`, 'g'))
              ?.join(separator) ?? ''
          expect(looksPersonal(`${before}${plus}${apart}${after}`)).toBe(true)
        },
      ),
    )
  })
  it('lets UUIDs of every version pass', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(looksPersonal(`tiket ${id}`)).toBe(false)
      }),
    )
  })
})

describe('words', () => {
  it.each([
    ['Asia/Jakarta', 'Selasa, 24 November 2026 pukul 15.30 WIB'],
    ['Asia/Makassar', 'Selasa, 24 November 2026 pukul 16.30 WITA'],
    ['Asia/Jayapura', 'Selasa, 24 November 2026 pukul 17.30 WIT'],
  ])('an instant in %s', (zone, words) => {
    expect(inWords(Date.parse('2026-11-24T08:30:00Z'), zone)).toBe(words)
  })
})

describe('development tokens', () => {
  it('come from the randomness that is handed in, one per role, and open the door', () => {
    let calls = 0
    const tokens = developmentTokens((size) => new Uint8Array(size).fill(++calls))
    expect(tokens.map((it) => it.role)).toEqual(TOKEN_ROLES)
    expect(TOKEN_ROLES).not.toContain('system')
    expect(new Set(tokens.map((it) => it.token)).size).toBe(tokens.length)
    const entries = tokens.map((it) => it.entry)
    for (const { role, token } of tokens)
      expect(authenticate(`Bearer ${token}`, entries)).toMatchObject({
        id: `dev-${role}`,
        via: 'token',
        grants: [{ role, officeId: null }],
      })
    expect(() => authenticate('Bearer dev-admin', entries)).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED' }),
    )
  })
})

describe('logging', () => {
  const lines = (write: (log: ReturnType<typeof createLogger>) => void): string => {
    const out: string[] = []
    write(createLogger({ level: 'trace', destination: { write: (line: string) => void out.push(line) } }))
    return out.join('')
  }
  it('blanks names that hold secrets, at the top and one level down', () => {
    const text = lines((log) => {
      for (const name of ['authorization', 'headers', 'body', 'nik', 'email', 'token', 'payload', 'url'])
        log.info({ [name]: 'canary-1', inner: { [name]: 'canary-2' } }, 'x')
    })
    expect(text).not.toContain('canary')
    expect(text).toContain('[redacted]')
  })
  it('tells an error by type, code and frames; never by its message, nor its causes’', () => {
    const error = new TypeError('canary-message', {
      cause: Object.assign(new Error('canary-cause'), { code: 'SQLITE_BUSY' }),
    })
    const text = lines((log) => log.error({ err: error }, 'failed'))
    expect(text).not.toContain('canary')
    expect(describeError(error)).toMatchObject({
      type: 'TypeError',
      code: null,
      cause: { type: 'Error', code: 'SQLITE_BUSY' },
    })
    expect(describeError(error).frames.length).toBeGreaterThan(0)
    expect(describeError('text')).toMatchObject({ type: 'string', frames: [] })
  })
  it('stops at four causes, also when they go round in a circle', () => {
    const error = new Error('a')
    error.cause = error
    expect(describeError(error).cause?.cause?.cause?.cause).toBeNull()
  })
})
