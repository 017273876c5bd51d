import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.js'
import { codeOf } from '../support/world.js'

const TOKEN = 'a-token-of-16-ch'
const metrics = (env: Record<string, string>) => loadConfig(env).metrics
const refused = (env: Record<string, string>) => codeOf(Promise.resolve().then(() => loadConfig(env)))

describe('who may scrape', () => {
  it('this machine alone by default, nobody behind a proxy, the bearer of a token where one is set', () => {
    expect(metrics({})).toEqual({ access: 'loopback', tokenSha256: null, port: null })
    expect(metrics({ TRUST_PROXY_HOPS: '1' }).access).toBe('off')
    const tokenSha256 = createHash('sha256').update(TOKEN).digest()
    const withToken = { access: 'token', tokenSha256, port: 9100 }
    expect(metrics({ METRICS_TOKEN: TOKEN, METRICS_PORT: '9100', TRUST_PROXY_HOPS: '1' })).toEqual(withToken)
    expect(metrics({ METRICS_TOKEN: TOKEN, METRICS: 'off' })).toEqual({ access: 'off', tokenSha256: null, port: null })
  })

  it.each([
    { METRICS: 'token' },
    { METRICS: 'loopback', TRUST_PROXY_HOPS: '1' },
    { METRICS: 'on' },
    { METRICS_TOKEN: 'short' },
    { METRICS_TOKEN: 'a token with a space' },
    { METRICS_PORT: '65536' },
    { METRICS_PORT: '-1' },
  ])('refuses %j', async (env) => {
    expect(await refused(env)).toBe('CONFIGURATION_INVALID')
  })

  it('does not print the token', () => {
    expect(JSON.stringify(loadConfig({ METRICS_TOKEN: TOKEN }))).not.toContain(TOKEN)
  })
})

describe('where spans go', () => {
  const tracing = (env: Record<string, string>) => loadConfig(env).tracing

  it('nowhere, unless an endpoint or an exporter is named', () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'https://collector.example:4318/'
    expect(tracing({})).toBeNull()
    expect(tracing({ OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER_ARG: '0.5' })).toBeNull()
    const url = 'https://collector.example:4318/v1/traces'
    expect(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT })).toEqual({ url, serviceName: 'pulih', ratio: 1 })
    expect(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBeNull()
    expect(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' })).toBeNull()
    expect(tracing({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER_ARG: '0.25' })).toEqual({
      url: 'http://localhost:4318/v1/traces',
      serviceName: 'pulih',
      ratio: 0.25,
    })
    const exact = 'http://127.0.0.1:1/here'
    expect(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: exact })?.url).toBe(exact)
  })

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
    { OTEL_TRACES_EXPORTER: 'zipkin' },
    { OTEL_TRACES_SAMPLER_ARG: '1.5' },
    { OTEL_TRACES_SAMPLER_ARG: 'always' },
    { OTEL_SERVICE_NAME: 'a b' },
  ])('refuses %j', async (env) => {
    expect(await refused(env)).toBe('CONFIGURATION_INVALID')
  })
})
