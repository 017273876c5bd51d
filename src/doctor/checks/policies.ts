import { assertPolicyFits } from '../../engine/ticketTypes.js'
import { PulihError } from '../../engine/errors.js'
import { fail, ok, skipped, warn } from '../findings.js'
import type { Check, Finding } from '../types.js'

/** Every policy in force fits the ticket type it times; every type has one. */
export const checkPolicies: Check = ({ contents, types }) => {
  if (types === null)
    return [
      fail(
        'policies',
        'The ticket types cannot be loaded.',
        'Correct PULIH_TICKET_TYPES; the service says at its start what is wrong with the file.',
      ),
    ]
  if (contents === null) return [skipped('policies', 'Needs a database that can be read, of this version.')]
  const newest = new Map<string, (typeof contents.policies)[number]>()
  for (const policy of contents.policies)
    if (policy.version >= (newest.get(policy.id)?.version ?? 0)) newest.set(policy.id, policy)
  const findings: Finding[] = []
  for (const policy of newest.values()) {
    const type = types.get(policy.ticketType)
    if (type === undefined)
      findings.push(
        warn(
          'policies',
          `${policy.id}@${policy.version} is for the ticket type ${policy.ticketType}, which is not loaded.`,
          'Name its file in PULIH_TICKET_TYPES.',
        ),
      )
    else
      try {
        assertPolicyFits(type, policy)
      } catch (error) {
        if (!(error instanceof PulihError)) throw error
        findings.push(fail('policies', `${error.message}.`, 'Publish a version of the policy that fits.'))
      }
  }
  const timed = new Set([...newest.values()].map((it) => it.ticketType))
  // A type that brings its own policy publishes it at the next start.
  const missing = contents.stored ? [...types.keys()].filter((it) => !timed.has(it)) : []
  if (missing.length > 0)
    findings.push(
      warn(
        'policies',
        `No policy yet for ${missing.join(', ')}.`,
        'Run `pulih migrate`: it publishes the policy that a type brings.',
      ),
    )
  return findings.length > 0 ? findings : [ok('policies', `${newest.size} in force, each fits its ticket type.`)]
}
