import { inspect } from 'node:util'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestToken, loadConfig } from '../../src/config.js'
import { PulihError } from '../../src/engine/errors.js'
import { readLimits } from '../../src/intake/limits.js'
import { RETENTION } from '../../src/privacy/retentionConfig.js'

const TOKEN = 'a-token-of-16-ch'
const secret = (byte: number) => Buffer.alloc(32, byte).toString('base64')
/** What a production start asks for besides tokens. */
const KEYS = {
  SMTP_URL: 'smtps://mail.example:465',
  MAIL_FROM: 'pulih@example.org',
  SMS_URL: 'https://sms.example/send',
  SMS_SECRET: 'Qm9yb2J1ZHVyLVByYW1iYW5hbi0xOTQ1LXNpZ25lZA',
  PULIH_KEYS: `k2:${secret(2)},k1:${secret(1)}`,
  PULIH_INDEX_KEYS: `i1:${secret(3)}`,
  PULIH_AUDIT_KEY: secret(4),
  CLAMD_URL: 'unix:/run/clamav/clamd.ctl',
}
const faultOf = (env: Record<string, string>): string => {
  try {
    loadConfig(env)
  } catch (error) {
    expect(error).toBeInstanceOf(PulihError)
    expect((error as PulihError).code).toBe('CONFIGURATION_INVALID')
    return (error as PulihError).message
  }
  throw new Error('was accepted')
}

describe('configuration', () => {
  it('an empty environment is a development start on loopback', () => {
    expect(loadConfig({})).toEqual({
      production: false,
      host: '127.0.0.1',
      port: 3000,
      dataDir: resolve('.pulih'),
      databaseUrl: null,
      queueUrl: null,
      sinkUrl: null,
      ticketTypes: [],
      tokens: [],
      logLevel: 'info',
      trustProxyHops: 0,
      mailbox: true,
      metrics: { access: 'loopback', tokenSha256: null, port: null },
      tracing: null,
      keys: null,
      auditKey: null,
      publicUrl: 'http://localhost:3000',
      retention: RETENTION,
      upstreams: null,
      files: { clamd: null, folder: null, picturesOrigin: null },
      messaging: { smtp: null, sms: null },
      staff: { origin: 'http://localhost:3000', onlyOrigin: false, secureCookies: false, oidc: null },
      limits: readLimits().limits,
    })
  })

  it('takes every variable, and the command line over the environment', () => {
    const env = {
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      PORT: '8080',
      PULIH_DATA: '/var/lib/pulih',
      DATABASE_URL: 'postgres://pulih:secret@db/pulih',
      QUEUE_URL: 'redis://localhost:6379',
      SINK_URL: 'https://sink.example/hook',
      PULIH_TOKENS: `portal:portal-1:${TOKEN}, checker:siti:${TOKEN}:2 ,checker:budi:${TOKEN}3`,
      PULIH_STAFF_TOKENS: 'allow',
      LOG_LEVEL: 'debug',
      TRUST_PROXY_HOPS: '2',
      ...KEYS,
    }
    const config = loadConfig(env, { port: '9090', data: '/data' })
    expect(config).toMatchObject({
      production: true,
      host: '0.0.0.0',
      port: 9090,
      dataDir: '/data',
      databaseUrl: env.DATABASE_URL,
      queueUrl: env.QUEUE_URL,
      sinkUrl: env.SINK_URL,
      logLevel: 'debug',
      trustProxyHops: 2,
      mailbox: false,
    })
    expect(config.tokens.map(({ role, actorId }) => `${role}:${actorId}`)).toEqual([
      'portal:portal-1',
      'checker:siti',
      'checker:budi',
    ])
    expect(config.tokens[1]?.sha256).toEqual(digestToken(`${TOKEN}:2`))
    expect(JSON.stringify(config)).not.toContain(TOKEN)
  })

  it('an empty variable counts as absent', () => {
    expect(loadConfig({ PORT: '', QUEUE_URL: ' ', PULIH_TOKENS: '' })).toEqual(loadConfig({}))
  })

  it.each([
    ['PORT', '65536', 'PORT must be a whole number from 0 to 65535.'],
    ['PORT', '80a', 'PORT must be a whole number from 0 to 65535.'],
    ['PORT', '-1', 'PORT must be a whole number from 0 to 65535.'],
    ['TRUST_PROXY_HOPS', 'true', 'TRUST_PROXY_HOPS must be a whole number from 0 to 16.'],
    ['HOST', 'a b', 'HOST must be a host name or an IP address.'],
    ...['mysql://user:pw-canary@db', 'sqlite:/elsewhere.db', 'postgres:pulih'].map((url): [string, string, string] => [
      'DATABASE_URL',
      url,
      'DATABASE_URL must be a URL that starts with postgres://, or sqlite: (the default: a file under PULIH_DATA).',
    ]),
    [
      'QUEUE_URL',
      'amqp://user:pw-canary@mq',
      'QUEUE_URL must be a URL that starts with redis:// or rediss:// or postgres:// or postgresql://.',
    ],
    ['SINK_URL', 'sink', 'SINK_URL must be a URL that starts with http:// or https://.'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.'],
    ['MAILBOX', 'yes', 'MAILBOX must be on or off.'],
    [
      'PULIH_TOKENS',
      `boss:x:${TOKEN}`,
      'PULIH_TOKENS entry 1 must start with a role: participant, portal, agent, checker, supervisor, admin, auditor.',
    ],
    [
      'PULIH_TOKENS',
      `system:x:${TOKEN}`,
      'PULIH_TOKENS entry 1 must start with a role: participant, portal, agent, checker, supervisor, admin, auditor.',
    ],
    [
      'PULIH_TOKENS',
      `agent:a b:${TOKEN}`,
      'PULIH_TOKENS entry 1 needs an actor id of 1 to 64 letters, digits, dots, underscores or hyphens after the role.',
    ],
    [
      'PULIH_TOKENS',
      `agent:x:${TOKEN},agent:y:pw-canary`,
      'PULIH_TOKENS entry 2 needs a token of at least 16 visible ASCII characters.',
    ],
    [
      'PULIH_TOKENS',
      'agent',
      'PULIH_TOKENS entry 1 needs an actor id of 1 to 64 letters, digits, dots, underscores or hyphens after the role.',
    ],
    ['PULIH_TOKENS', `agent:x:${TOKEN},checker:y:${TOKEN}`, 'PULIH_TOKENS gives the same token to two actors.'],
    ['PULIH_TOKENS', `agent:x:${TOKEN},checker:x:${TOKEN}2`, 'PULIH_TOKENS gives one actor id two roles.'],
    ['PULIH_TOKENS', `agent:sari:${TOKEN},checker:Sari:${TOKEN}2`, 'PULIH_TOKENS gives one actor id two roles.'],
    ...['system', 'System', 'SYSTEM'].map((id): [string, string, string] => [
      'PULIH_TOKENS',
      `agent:${id}:${TOKEN}`,
      'PULIH_TOKENS entry 1 takes the actor id that the engine itself acts under.',
    ]),
  ])('%s=%s is refused with one sentence that repeats no value', (name, value, sentence) => {
    const message = faultOf({ [name]: value })
    expect(message).toBe(sentence)
    expect(message).not.toMatch(/pw-canary|a-token-of/)
  })

  it('says everything that is wrong at once', () => {
    expect(faultOf({ PORT: 'x', LOG_LEVEL: 'x' })).toBe(
      'PORT must be a whole number from 0 to 65535. LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.',
    )
  })

  it('in one round, whether a variable is malformed or does not fit the others', () => {
    const text = faultOf({ NODE_ENV: 'production', PORT: 'x', CLAMD_URL: 'x', PULIH_LIMITS: 'x', PULIH_KEYS: 'x' })
    for (const name of ['PORT must', 'CLAMD_URL must', 'PULIH_LIMITS entry 1', 'PULIH_KEYS entry 1', 'PULIH_AUDIT_KEY'])
      expect(text).toContain(name)
    // Nobody is told to set what is set, if badly.
    expect(text.match(/CLAMD_URL/g)).toHaveLength(1)
    const mail = faultOf({ NODE_ENV: 'production', SMTP_URL: 'x' })
    for (const fault of ['SMTP_URL must', 'Production needs SMTP_URL and MAIL_FROM', 'Production needs SMS_URL'])
      expect(mail).toContain(fault)
  })

  it('production takes no token for the staff unless told so, and shows no mailbox', () => {
    const tokens = { NODE_ENV: 'production', ...KEYS, PULIH_TOKENS: `agent:a:${TOKEN}` }
    expect(faultOf(tokens)).toContain('PULIH_TOKENS gives roles of the staff')
    expect(loadConfig({ ...tokens, PULIH_STAFF_TOKENS: 'allow' }).tokens).toHaveLength(1)
    expect(loadConfig({ ...tokens, PULIH_TOKENS: `portal:a:${TOKEN}` }).tokens).toHaveLength(1)
    // People sign in, and other systems have keys.
    expect(loadConfig({ ...tokens, PULIH_TOKENS: '' }).tokens).toEqual([])
    expect(faultOf({ NODE_ENV: 'production', PULIH_TOKENS: `admin:a:${TOKEN}`, MAILBOX: 'on' })).toContain('MAILBOX')
  })

  it('production asks for keys of its own; both sorts belong together, share no secret, and no fault repeats one', () => {
    const others = { ...KEYS, PULIH_KEYS: '', PULIH_INDEX_KEYS: '' }
    const tokens = { ...others, NODE_ENV: 'production', PULIH_TOKENS: `portal:a:${TOKEN}` }
    const cases: [Record<string, string>, string][] = [
      [{}, 'Production needs PULIH_KEYS and PULIH_INDEX_KEYS.'],
      [{ PULIH_KEYS: KEYS.PULIH_KEYS }, 'belong together'],
      [{ PULIH_INDEX_KEYS: KEYS.PULIH_INDEX_KEYS }, 'belong together'],
      [{ ...KEYS, PULIH_INDEX_KEYS: `i1:${secret(1)}` }, 'must not share a secret'],
      [{ ...KEYS, PULIH_KEYS: `k1:${secret(1)},k1:${secret(2)}` }, 'PULIH_KEYS gives one id to two keys.'],
      [{ ...KEYS, PULIH_KEYS: `k1:${secret(1).slice(4)}` }, 'PULIH_KEYS entry 1 must be an id'],
      [{ ...KEYS, PULIH_KEYS: `K 1:${secret(1)}` }, 'PULIH_KEYS entry 1 must be an id'],
    ]
    for (const [env, says] of cases) {
      const fault = faultOf({ ...tokens, ...env })
      expect(fault).toContain(says)
      for (const byte of [1, 2, 3]) expect(fault).not.toContain(secret(byte).slice(0, 8))
    }
    const { keys } = loadConfig({ ...tokens, ...KEYS })
    expect([keys?.wrapping.map((it) => it.id), keys?.index.map((it) => it.id)]).toEqual([['k2', 'k1'], ['i1']])
    expect(JSON.stringify(keys)).not.toContain(secret(1).slice(0, 8))
  })

  it('retention keeps what is not named, and nothing for shorter than other rules look back', () => {
    const days = 86_400_000
    expect(loadConfig({ PULIH_RETENTION: 'person=200d, codes=48h' }).retention).toEqual({
      ...RETENTION,
      person: 200 * days,
      codes: 2 * days,
    })
    expect(faultOf({ PULIH_RETENTION: 'codes=1h' })).toContain('keeps codes for too short')
    expect(faultOf({ PULIH_RETENTION: 'person=30d' })).toContain('pages no longer than the person')
    for (const text of ['forever', 'person=1y', 'toString=30d'])
      expect(faultOf({ PULIH_RETENTION: text })).toContain('names: ')
  })

  it.each(['Production', 'PRODUCTION', ' production '])('NODE_ENV %j is production', (name) => {
    expect(loadConfig({ ...KEYS, NODE_ENV: name, PULIH_TOKENS: `portal:a:${TOKEN}` })).toMatchObject({
      production: true,
      mailbox: false,
    })
    expect(faultOf({ NODE_ENV: name })).toContain('PULIH_KEYS')
  })

  it('an issuer needs the address that it sends people back to, and groups that name roles', () => {
    const oidc = {
      OIDC_ISSUER: 'https://idp.example',
      OIDC_CLIENT_ID: 'pulih',
      PULIH_PUBLIC_URL: 'https://pulih.example',
    }
    expect(loadConfig({ ...oidc, OIDC_GROUPS: 'a=agent@pusat, b=auditor' }).staff).toMatchObject({
      origin: 'https://pulih.example',
      secureCookies: true,
      oidc: {
        groups: [
          { group: 'a', role: 'agent', officeId: 'pusat' },
          { group: 'b', role: 'auditor', officeId: null },
        ],
      },
    })
    expect(faultOf({ ...oidc, OIDC_CLIENT_ID: '' })).toContain('belong together')
    expect(faultOf({ ...oidc, OIDC_ISSUER: 'http://idp.example' })).toContain('https://')
    expect(faultOf({ ...oidc, OIDC_GROUPS: 'a=king' })).toContain('OIDC_GROUPS entry 1')
    expect(faultOf({ ...oidc, PORT: '0', PULIH_PUBLIC_URL: '' })).toContain('PULIH_PUBLIC_URL')
  })

  it('production takes no tokens unless it is given some', () => {
    expect(loadConfig({ ...KEYS, NODE_ENV: 'production' }).tokens).toEqual([])
  })

  it('sqlite: is the same as nothing', () => {
    expect(loadConfig({ DATABASE_URL: 'sqlite:' }).databaseUrl).toBeNull()
  })

  it('the mailbox is on by itself only where nobody else can look', () => {
    expect(loadConfig({ HOST: '::1' }).mailbox).toBe(true)
    expect(loadConfig({ HOST: '0.0.0.0' }).mailbox).toBe(false)
    expect(loadConfig({ HOST: '0.0.0.0', MAILBOX: 'on' }).mailbox).toBe(true)
    expect(loadConfig({ MAILBOX: 'off' }).mailbox).toBe(false)
  })
})

it('the secret of the issuer’s client is printed by nothing that prints a configuration', () => {
  const { staff } = loadConfig({
    PULIH_PUBLIC_URL: 'https://pulih.example.org',
    OIDC_ISSUER: 'https://idp.example.org',
    OIDC_CLIENT_ID: 'pulih',
    OIDC_CLIENT_SECRET: 'sangat-rahasia-sekali',
  })
  expect(staff.oidc?.clientSecret?.export().toString('utf8')).toBe('sangat-rahasia-sekali')
  expect(inspect(staff, { depth: 9, showHidden: true }) + JSON.stringify(staff)).not.toContain('sangat-rahasia')
})
