import type { Answer, EffectSink, Outgoing } from '../ports/sink.js'
import type { Messenger } from './messenger.js'
import { RECEIPT_TEMPLATE } from './sending.js'
import { templateOf } from './templates/index.js'

interface Parts {
  readonly messenger: Pick<Messenger, 'deliver' | 'acknowledge'>
  /** For commands to the account service. */
  readonly apply: (outgoing: Outgoing) => Promise<Answer>
  /** Does this ticket have a person behind it here? */
  readonly isOurs: (ticketId: string) => Promise<boolean>
  /** For everything else: tickets whose people another system keeps, and what staff are told. */
  readonly others: EffectSink
}

/** Messages to people become mail and SMS, approved contacts reach the account service; the rest goes where it always went. */
export function messageSink({ messenger, apply, isOurs, others }: Parts): EffectSink {
  /** Handed over here, not yet marked: `recordAs` is asked right after `deliver`. */
  const ours = new Set<string>()
  const say = async ({ id: ref, ticketId, body }: Outgoing): Promise<Answer> => {
    if (body['template'] === RECEIPT_TEMPLATE) {
      await messenger.acknowledge({ ref, ticketId })
      return ACCEPTED
    }
    const [template, audience] = [String(body['template']), String(body['audience'])]
    return (await messenger.deliver({ ref, ticketId, template, audience })) ? ACCEPTED : UNREACHED
  }
  return {
    recordAs: (outgoing) => (ours.delete(outgoing.id) ? null : others.recordAs(outgoing)),
    async deliver(outgoing) {
      const { id, ticketId, kind, body } = outgoing
      const { template, audience } = body
      const toPeople =
        (kind === 'port' && body['port'] === 'account') ||
        (typeof template === 'string' && templateOf(template) !== undefined)
      if (!toPeople || audience === 'staff' || !(await isOurs(ticketId))) return others.deliver(outgoing)
      const answer = kind === 'port' ? await apply(outgoing) : await say(outgoing)
      // A refused message is not marked, so nobody asks.
      if (answer !== UNREACHED) ours.add(id)
      return answer
    },
  }
}
const ACCEPTED: Answer = { outcome: 'accepted' }
/** Becomes a dead letter: once the address is put right, a supervisor has it sent again. */
const UNREACHED: Answer = { outcome: 'refused', code: 'PARTICIPANT_UNREACHED' }
