import { createSecretKey } from 'node:crypto'
import { z } from 'zod'
import type { UpstreamConfig } from './upstream.js'

const TOKEN_MIN = 16
const url = (name: string) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      `${name} must be a URL that starts with https:// or http://.`,
    )
    .refine((text) => {
      const { username, password, search, hash } = URL.canParse(text) ? new URL(text) : new URL('http://x')
      return `${username}${password}${search}${hash}` === ''
    }, `${name} must hold no user, no query and no fragment.`)
    .optional()
const token = (name: string) =>
  z
    .string()
    .regex(/^[\x21-\x7e]+$/, `${name} must be visible ASCII.`)
    .min(TOKEN_MIN, `${name} must have at least ${TOKEN_MIN} characters.`)
    .optional()

/** The variables of this room, for the one schema that reads the environment. */
export const upstreamVariables = {
  DIRECTORY_URL: url('DIRECTORY_URL'),
  DIRECTORY_TOKEN: token('DIRECTORY_TOKEN'),
  ACCOUNTS_URL: url('ACCOUNTS_URL'),
  ACCOUNTS_TOKEN: token('ACCOUNTS_TOKEN'),
}
type Values = z.infer<z.ZodObject<typeof upstreamVariables>>

/** The participant directory and the account service of the institution; null: the embedded ones, both. */
export interface Upstreams {
  readonly directory: UpstreamConfig
  readonly accounts: UpstreamConfig
}

/** Both or neither: an account is found by the directory's own ids. Faults never repeat a value. */
export function readUpstreams(values: Values, production: boolean): { upstreams: Upstreams | null; faults: string[] } {
  const directory = one('DIRECTORY', values.DIRECTORY_URL, values.DIRECTORY_TOKEN, production)
  const accounts = one('ACCOUNTS', values.ACCOUNTS_URL, values.ACCOUNTS_TOKEN, production)
  const faults = [...directory.faults, ...accounts.faults]
  if ((directory.config === null) !== (accounts.config === null) && faults.length === 0)
    faults.push('DIRECTORY_URL and ACCOUNTS_URL belong together: set both or neither.')
  if (faults.length > 0 || directory.config === null || accounts.config === null) return { upstreams: null, faults }
  return { upstreams: { directory: directory.config, accounts: accounts.config }, faults }
}

function one(
  name: string,
  address: string | undefined,
  secret: string | undefined,
  production: boolean,
): { config: UpstreamConfig | null; faults: string[] } {
  if (address === undefined && secret === undefined) return { config: null, faults: [] }
  if (address === undefined || secret === undefined)
    return { config: null, faults: [`${name}_URL and ${name}_TOKEN belong together: set both or neither.`] }
  const { protocol, hostname } = new URL(address)
  const near = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  if (production && protocol === 'http:' && !near)
    return { config: null, faults: [`${name}_URL must be https:// in production: personal data go there.`] }
  return {
    config: { url: address.replace(/\/+$/, ''), token: createSecretKey(Buffer.from(secret, 'utf8')) },
    faults: [],
  }
}
