import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorsPage } from '../../src/api/errorsPage.js'
import { asPulihError, problemType, toProblem } from '../../src/api/problems.js'
import { ProblemShape } from '../../src/api/shapes.js'
import { CalendarError } from '../../src/calendar/index.js'
import { ERROR_CODES, PulihError, type ErrorCode } from '../../src/engine/errors.js'
import { startHarness, type Harness } from './harness.js'

let api: Harness
beforeAll(async () => {
  api = await startHarness()
})
afterAll(() => api.close())

/** What a server answers to bytes that no HTTP client would send. */
const exchange = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(api.port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    socket.on('close', () => resolve(text)).on('error', reject)
  })

describe('problem documents (R-API-1)', () => {
  it('docs/errors.md lists every code; `npx vitest -u` writes it anew', async () => {
    await expect(errorsPage()).toMatchFileSnapshot('../../docs/errors.md')
  })

  it.each(Object.keys(ERROR_CODES) as ErrorCode[])(
    '%s has a title and a detail in both languages and its own type',
    (code) => {
      for (const language of ['id', 'en'] as const) {
        const problem = ProblemShape.parse(
          toProblem(new PulihError(code, 'secret-of-the-message'), language, 'request-1'),
        )
        expect(problem).toMatchObject({
          status: ERROR_CODES[code],
          code,
          instance: 'request-1',
          type: problemType(code),
        })
        expect(JSON.stringify(problem)).not.toContain('secret-of-the-message')
      }
    },
  )

  it('a calendar without open time keeps its code; what nobody planned is INTERNAL', () => {
    expect(asPulihError(new CalendarError('NO_OPEN_TIME', 'x')).code).toBe('NO_OPEN_TIME')
    for (const thrown of [
      new Error('x'),
      new CalendarError('OUT_OF_RANGE', 'x'),
      'text',
      null,
      undefined,
      { status: 404 },
    ])
      expect(asPulihError(thrown).code).toBe('INTERNAL')
  })

  it('404 for an address that does not exist, also for one that nearly does', async () => {
    for (const path of ['/', '/v1', '/v2/tickets', '/V1/tickets', '/v1/tickets/x/y/z', '/.env', '/v1/dead-letters/x']) {
      const { status, body } = await api.get(path)
      expect([path, status, body.code]).toEqual([path, 404, 'NOT_FOUND'])
    }
  })

  it('405 with Allow for every other method on every path; OPTIONS tells the same', async () => {
    for (const path of new Set(api.routes.map((it) => it.path))) {
      const here = api.routes.filter((it) => it.path === path).map((it) => it.method)
      const address = path.replaceAll(/:\w+/g, 'x')
      const allow = [...here.flatMap((it) => (it === 'get' ? ['GET', 'HEAD'] : ['POST'])), 'OPTIONS'].join(', ')
      for (const method of ['PUT', 'PATCH', 'DELETE', ...(here.includes('post') ? [] : ['POST'])]) {
        const { status, headers, body } = await api.request(method, address)
        expect([method, path, status, body.code, headers.get('allow')]).toEqual([
          method,
          path,
          405,
          'METHOD_NOT_ALLOWED',
          allow,
        ])
      }
      const options = await api.request('OPTIONS', address, { as: null })
      expect([path, options.status, options.headers.get('allow')]).toEqual([path, 204, allow])
    }
  })

  it('HEAD answers as GET does, without the body', async () => {
    const get = await api.get('/v1/calendars')
    const head = await api.request('HEAD', '/v1/calendars', { as: 'agent' })
    expect(head.status).toBe(200)
    expect(head.text).toBe('')
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'))
    expect((await api.request('HEAD', '/v1/calendars', { as: null })).status).toBe(401)
  })

  it('every route but the open ones asks for a token, before anything else is looked at', async () => {
    for (const it of api.routes) {
      const { status, body } = await api.request(it.method.toUpperCase(), it.path.replaceAll(/:\w+/g, 'x'), {
        as: null,
        ...(it.method === 'post' ? { raw: '{broken' } : {}),
      })
      expect([it.path, status === 401]).toEqual([it.path, it.access !== 'open'])
      if (status === 401) expect(body.code).toBe('UNAUTHENTICATED')
    }
  })

  it('every route refuses the roles it is not for', async () => {
    for (const it of api.routes) {
      if (it.access === 'open') continue
      for (const as of ['portal', 'participant', 'agent', 'checker', 'supervisor', 'admin', 'auditor'] as const) {
        if (typeof it.access === 'object' && it.access.includes(as)) continue
        const { status, body } = await api.request(it.method.toUpperCase(), it.path.replaceAll(/:\w+/g, 'x'), { as })
        // A status token is no account's, and a session no token: to their routes everybody else's token is none.
        const refusal = typeof it.access === 'string' ? [401, 'UNAUTHENTICATED'] : [403, 'ROLE_NOT_ALLOWED']
        expect([it.path, as, status, body.code]).toEqual([it.path, as, ...refusal])
      }
    }
  })

  it('400 for an address whose encoding is broken', async () => {
    const { status, body } = await api.get('/v1/tickets/%E0%A4%A')
    expect([status, body.code]).toEqual([400, 'REQUEST_MALFORMED'])
  })

  it('Indonesian is the default; English on request; an unknown language gets Indonesian', async () => {
    for (const [accept, language] of [
      [undefined, 'id'],
      ['*', 'id'],
      ['fr', 'id'],
      ['en', 'en'],
      ['id;q=0.5, en;q=0.9', 'en'],
      ['en;q=0.1, id', 'id'],
    ] as const) {
      const { headers, body } = await api.get(
        '/nowhere',
        'agent',
        accept === undefined ? {} : { 'accept-language': accept },
      )
      expect([accept, headers.get('content-language')]).toEqual([accept, language])
      expect(body.title).toBe(language === 'en' ? 'Not found' : 'Tidak ditemukan')
    }
  })

  it.each([
    ['no HTTP at all', 'NIK 3174012345678901\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    [
      'headers beyond the limit',
      `GET /livez HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['a broken header', 'GET /livez HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    [
      'two lengths',
      'POST /v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'REQUEST_MALFORMED',
    ],
  ])('what Node cannot read gets a problem too: %s', async (_name, bytes, status, code) => {
    const answer = await exchange(bytes)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toContain(`HTTP/1.1 ${status} `)
    expect(head).toContain('application/problem+json')
    expect(ProblemShape.parse(JSON.parse(body)).code).toBe(code)
    expect(answer).not.toContain('3174012345678901')
  })
})

describe('security headers', () => {
  it('every answer carries them, refusals too', async () => {
    for (const path of ['/livez', '/v1/types', '/nowhere', '/openapi.json']) {
      const { headers } = await api.get(path)
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})
