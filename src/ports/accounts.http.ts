import { z } from 'zod'
import { AccountContacts, REPLACEMENT_REFUSALS, type AccountService } from './accounts.js'
import { upstream, type UpstreamConfig, type UpstreamLimits } from './upstream.js'

const { accountId, email, phone } = AccountContacts.shape
const participantId = accountId

/** Paths and schemas of the contract, for adapter, reference server and docs/contracts alike. */
export const ACCOUNT_PATHS = {
  contacts: '/v1/accounts/contacts/lookup',
  replacement: '/v1/accounts/contacts/replacement',
  replacementLookup: '/v1/accounts/contacts/replacement/lookup',
  revocation: '/v1/accounts/sessions/revocation',
} as const
/** What stands, quoted, in the header `Idempotency-Key`. */
export const KEY_PATTERN = '[A-Za-z0-9._-]{1,128}'
export const ReplacementKey = z.string().regex(new RegExp(`^${KEY_PATTERN}$`))
export const ContactsLookup = z.strictObject({ participantId })
export const ContactsAnswer = z.strictObject({ contacts: AccountContacts.nullable() })
export const ReplacementOrder = z.strictObject({
  participantId,
  email: email.unwrap(),
  phone: phone.unwrap(),
})
export const Replaced = z.strictObject({ accountId })
export const Refused = z.strictObject({ code: z.enum(REPLACEMENT_REFUSALS) })
export const ReplacementLookup = z.strictObject({ key: ReplacementKey })
export const ReplacementFound = z.strictObject({ accountId: accountId.nullable() })
export const Revocation = z.strictObject({ accountId })

/** The account service behind HTTPS. */
export function httpAccounts(config: UpstreamConfig, limits?: UpstreamLimits): AccountService {
  const system = upstream('account service', config, limits)
  return {
    async contactsOf(participantId) {
      const body = { participantId }
      return (await system.call({ path: ACCOUNT_PATHS.contacts, body, answer: ContactsAnswer })).contacts
    },
    async replaceContacts({ key, ...order }) {
      const answer = z.union([Replaced, Refused])
      const said = await system.call({ path: ACCOUNT_PATHS.replacement, body: order, answer, key })
      if ('code' in said) return { outcome: 'refused', code: said.code }
      return { outcome: 'replaced', accountId: said.accountId }
    },
    async replacementUnder(key) {
      const found = await system.call({
        path: ACCOUNT_PATHS.replacementLookup,
        body: { key },
        answer: ReplacementFound,
      })
      return found.accountId === null ? null : { accountId: found.accountId }
    },
    async revokeSessions(accountId, key) {
      await system.call({ path: ACCOUNT_PATHS.revocation, body: { accountId }, answer: z.null(), key })
    },
  }
}
