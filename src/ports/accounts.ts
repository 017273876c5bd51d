import { z } from 'zod'

/** The contacts that an account answers to today. */
export const AccountContacts = z.strictObject({
  accountId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  email: z.string().min(3).max(254).nullable(),
  /** E.164. */
  phone: z
    .string()
    .regex(/^\+\d{6,15}$/)
    .nullable(),
})
export type AccountContacts = z.infer<typeof AccountContacts>

export interface ContactReplacement {
  readonly participantId: string
  readonly email: string
  /** E.164. */
  readonly phone: string
  /** The same key never replaces twice; the same key for other contacts or another account is refused (`KEY_REUSED`). */
  readonly key: string
}

/** A final no; a fault is thrown and tried again. */
export const REPLACEMENT_REFUSALS = ['ACCOUNT_NOT_FOUND', 'ACCOUNT_DISABLED', 'KEY_REUSED'] as const
export type ReplacementRefusal = (typeof REPLACEMENT_REFUSALS)[number]
export type Replacement =
  | { readonly outcome: 'replaced'; readonly accountId: string }
  | { readonly outcome: 'refused'; readonly code: ReplacementRefusal }

/**
 * The accounts of the digital channel, one active per NIK (D33). It changes contacts and sessions and nothing else (R11). Each call throws
 * UPSTREAM_UNAVAILABLE when it is worth trying again, and may be repeated with the same key.
 */
export interface AccountService {
  /** Of the active account; null without one. */
  contactsOf(participantId: string): Promise<AccountContacts | null>
  replaceContacts(replacement: ContactReplacement): Promise<Replacement>
  /** Whose contacts were replaced under this key; null: nobody's. What has to be known before anything is looked at again. */
  replacementUnder(key: string): Promise<{ readonly accountId: string } | null>
  /** Whoever is signed in has to sign in anew (R-HOLD-5). */
  revokeSessions(accountId: string, key: string): Promise<void>
}
