import { createSecretKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { STAFF_ROLES, type StaffRole } from '../principal.js'

/** Who signs people in besides the local accounts. */
export interface OidcConfig {
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client (PKCE alone). As a key, which no log and no inspection prints. */
  readonly clientSecret: KeyObject | null
  readonly scope: string
  /** The claim that lists somebody's groups, and what each is worth; empty: roles are granted here only. */
  readonly groupsClaim: string
  readonly groups: readonly { readonly group: string; readonly role: StaffRole; readonly officeId: string | null }[]
}
export interface StaffConfig {
  /** `https://host` as browsers see it; null: whatever the request says. */
  readonly origin: string | null
  /** Only that origin's pages may send what a cookie vouches for; else the host that the browser itself names will do. */
  readonly onlyOrigin: boolean
  /** Cookies that only ever travel over TLS. */
  readonly secureCookies: boolean
  readonly oidc: OidcConfig | null
}

export const staffVariables = {
  PULIH_STAFF_TOKENS: z.enum(['allow', 'refuse'], 'PULIH_STAFF_TOKENS must be allow or refuse.').optional(),
  OIDC_ISSUER: z.string().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_SCOPE: z.string().default('openid profile'),
  OIDC_GROUPS_CLAIM: z.string().default('groups'),
  OIDC_GROUPS: z.string().default(''),
}
type Values = z.infer<z.ZodObject<typeof staffVariables>>

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host === '::1' || host.startsWith('127.')

interface Around {
  readonly production: boolean
  readonly publicUrl: string | null
  readonly tokens: readonly { readonly role: string }[]
}

/** A development start on a loopback address sends plain cookies; everything else sends secure ones. */
export function readStaff(
  values: Values & { readonly HOST: string },
  { production, publicUrl, tokens }: Around,
): { staff: StaffConfig; faults: string[] } {
  const faults: string[] = []
  const origin = publicUrl === null ? null : new URL(publicUrl).origin
  const oidc = readOidc(values, production, faults)
  if (oidc !== null && origin === null)
    faults.push('OIDC_ISSUER needs PULIH_PUBLIC_URL: the issuer sends people back there.')
  const secureCookies = production || !isLoopback(values.HOST) || origin?.startsWith('https:') === true
  const staffTokens = tokens.some(({ role }) => STAFF_ROLES.some((it) => it === role))
  // A token has no second factor and nobody who signs it out.
  if (production && staffTokens && values.PULIH_STAFF_TOKENS !== 'allow')
    faults.push(
      'PULIH_TOKENS gives roles of the staff: in production people sign in (`pulih staff create`), or PULIH_STAFF_TOKENS=allow says otherwise.',
    )
  return { staff: { origin, onlyOrigin: production && origin !== null, secureCookies, oidc }, faults }
}

function readOidc(values: Values, production: boolean, faults: string[]): OidcConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = values
  if (issuer === undefined && clientId === undefined) return null
  if (issuer === undefined || clientId === undefined) {
    faults.push('OIDC_ISSUER and OIDC_CLIENT_ID belong together.')
    return null
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  if (url?.protocol !== 'https:' && (production || url === null || !isLoopback(url.hostname)))
    faults.push('OIDC_ISSUER must be an https:// address.')
  const { groups, faults: groupFaults } = readGroups(values.OIDC_GROUPS)
  faults.push(...groupFaults)
  return {
    issuer,
    clientId,
    clientSecret: secretOf(values.OIDC_CLIENT_SECRET),
    scope: values.OIDC_SCOPE,
    groupsClaim: values.OIDC_GROUPS_CLAIM,
    groups,
  }
}

const secretOf = (text: string | undefined): KeyObject | null =>
  text === undefined ? null : createSecretKey(Buffer.from(text, 'utf8'))

/** `group=role` or `group=role@office`, comma separated. */
function readGroups(text: string): { groups: OidcConfig['groups']; faults: string[] } {
  const entries = text.split(',').map((it) => it.trim())
  const faults: string[] = []
  const groups = entries.flatMap((entry, index) => {
    if (entry === '') return []
    const [, group = '', word = '', officeId] = /^([^=]{1,128})=([a-z]+)(?:@([A-Za-z0-9._-]{1,64}))?$/.exec(entry) ?? []
    const role = STAFF_ROLES.find((it) => it === word)
    if (role !== undefined) return [{ group, role, officeId: officeId ?? null }]
    faults.push(
      `OIDC_GROUPS entry ${index + 1} must be group=role or group=role@office, role one of: ${STAFF_ROLES.join(', ')}.`,
    )
    return []
  })
  return { groups, faults }
}
