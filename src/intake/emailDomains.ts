import type { EmailDomainRow, ProofStore } from '../../db/intake/proofs.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Checked } from './checked.js'
import { checkDomain, checkEmail, disposableListVersion, domainOf, withParents } from './email.js'
import { noteOf } from './fields.js'

/** E-mail addresses against the shipped list of throw-away domains and what people decided over it (R16, R-DISP-1). */
export interface EmailDomains {
  /** The whole check of an address. */
  check(text: string): Promise<Checked>
  list(): Promise<{ readonly shippedList: string; readonly decisions: readonly EmailDomainRow[] }>
  /** Throws VALIDATION_FAILED for what is no domain. */
  decide(decision: Pick<EmailDomainRow, 'domain' | 'verdict' | 'reason' | 'actorId'>): Promise<EmailDomainRow>
}

export function createEmailDomains({ proofs, clock }: { proofs: ProofStore; clock: Clock }): EmailDomains {
  return {
    async check(text) {
      const address = checkEmail(text)
      if (!address.ok) return address
      const decided = await proofs.emailDomainsAmong(withParents(domainOf(address.value)))
      return checkDomain(address.value, new Map(decided.map(({ domain, verdict }) => [domain, verdict])))
    },
    list: async () => ({ shippedList: disposableListVersion(), decisions: await proofs.emailDomains() }),
    async decide({ domain, ...decision }) {
      const probe = checkEmail(`a@${domain}`)
      if (!probe.ok)
        throw new PulihError('VALIDATION_FAILED', 'this is no domain', { errors: [noteOf('/domain', 'domain_format')] })
      const row = { ...decision, domain: domainOf(probe.value), decidedAt: clock.now() }
      await proofs.decideEmailDomain(row)
      return row
    },
  }
}
