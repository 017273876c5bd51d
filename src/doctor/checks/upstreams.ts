import { upstreamHealth, type UpstreamConfig } from '../../ports/upstream.js'
import { fail, ok, skipped, warn } from '../findings.js'
import type { Check, Finding } from '../types.js'

const LIMIT_MS = 2_000

/** The institution's own systems: asked whether they are well and know our secret, and about nobody. */
export const checkUpstreams: Check = async ({ config: { upstreams, production } }) => {
  if (upstreams === null)
    return production
      ? [
          warn(
            'directory',
            'DIRECTORY_URL and ACCOUNTS_URL are not set: the embedded directory knows nobody in production, and approved contacts reach no account.',
            'Set DIRECTORY_URL, DIRECTORY_TOKEN, ACCOUNTS_URL and ACCOUNTS_TOKEN.',
          ),
        ]
      : [skipped('directory', 'No DIRECTORY_URL: synthetic participants in the same database.')]
  return Promise.all([
    ask('directory', 'DIRECTORY', upstreams.directory),
    ask('account service', 'ACCOUNTS', upstreams.accounts),
  ])
}

async function ask(check: string, name: string, config: UpstreamConfig): Promise<Finding> {
  const health = await upstreamHealth(config, LIMIT_MS)
  if (health === 'well') return ok(check, `The system at ${name}_URL answers and knows our secret.`)
  if (health === 'refused')
    return fail(check, `The system at ${name}_URL refuses our secret.`, `Correct ${name}_TOKEN.`)
  return warn(
    check,
    `The system at ${name}_URL ${health === 'unwell' ? 'says that it is not well' : 'does not answer'}: what needs it waits and is tried again.`,
    `Start it, or correct ${name}_URL.`,
  )
}
