import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.js'
import { refusalOf } from '../support/world.js'

const BOTH = {
  DIRECTORY_URL: 'https://peserta.example/api/',
  DIRECTORY_TOKEN: 'directory-hush-hush',
  ACCOUNTS_URL: 'https://akun.example',
  ACCOUNTS_TOKEN: 'accounts-hush-hush',
}
const faultsOf = async (env: Record<string, string>): Promise<readonly string[]> => {
  const refusal = await refusalOf(Promise.resolve().then(() => loadConfig(env)))
  expect(refusal.code).toBe('CONFIGURATION_INVALID')
  expect(JSON.stringify([refusal.message, refusal.extra])).not.toMatch(/hush|peserta|akun\.example/)
  return refusal.extra['faults'] as string[]
}

describe('DIRECTORY_* and ACCOUNTS_*', () => {
  it('unset: the embedded ones', () => {
    expect(loadConfig({}).upstreams).toBeNull()
  })

  it('set: addresses without a slash at the end, and secrets that no printed configuration shows', () => {
    const { upstreams } = loadConfig(BOTH)
    expect(upstreams!.directory.url).toBe('https://peserta.example/api')
    expect(upstreams!.accounts.token.export().toString()).toBe('accounts-hush-hush')
    expect(inspect(upstreams, { depth: 9, showHidden: true }) + JSON.stringify(upstreams)).not.toContain('hush')
  })

  it.each([
    [{ ACCOUNTS_URL: '', ACCOUNTS_TOKEN: '' }, 'DIRECTORY_URL and ACCOUNTS_URL belong together: set both or neither.'],
    [{ DIRECTORY_TOKEN: '' }, 'DIRECTORY_URL and DIRECTORY_TOKEN belong together: set both or neither.'],
    [{ ACCOUNTS_URL: '' }, 'ACCOUNTS_URL and ACCOUNTS_TOKEN belong together: set both or neither.'],
    [{ DIRECTORY_URL: 'ftp://peserta' }, 'DIRECTORY_URL must be a URL that starts with https:// or http://.'],
    [{ DIRECTORY_URL: 'https://u:hush@peserta' }, 'DIRECTORY_URL must hold no user, no query and no fragment.'],
    [{ ACCOUNTS_URL: 'https://akun.example?key=hush' }, 'ACCOUNTS_URL must hold no user, no query and no fragment.'],
    [{ ACCOUNTS_TOKEN: 'short' }, 'ACCOUNTS_TOKEN must have at least 16 characters.'],
    [{ ACCOUNTS_TOKEN: 'with a space in it' }, 'ACCOUNTS_TOKEN must be visible ASCII.'],
  ])('%j is refused in words', async (change, fault) => {
    expect(await faultsOf({ ...BOTH, ...change })).toEqual([fault])
  })

  it('plain HTTP is refused in production, but for this machine', async () => {
    const production = { ...BOTH, NODE_ENV: 'production', DIRECTORY_URL: 'http://peserta.example' }
    expect(await faultsOf(production)).toContain(
      'DIRECTORY_URL must be https:// in production: personal data go there.',
    )
    const near = { ...production, DIRECTORY_URL: 'http://127.0.0.1:4010' }
    expect((await faultsOf(near)).join(' ')).not.toContain('DIRECTORY_URL')
    expect(loadConfig({ ...production, NODE_ENV: 'development' }).upstreams).not.toBeNull()
  })
})
