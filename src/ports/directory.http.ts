import { z } from 'zod'
import { Participant, type ParticipantDirectory } from './directory.js'
import { upstream, type UpstreamConfig, type UpstreamLimits } from './upstream.js'

/** What is asked and answered: the same schemas parse here, serve in the reference server, and are published in docs/contracts. */
export const LOOKUP_PATH = '/v1/participants/lookup'
export const Lookup = z.union([
  z.strictObject({ nik: Participant.shape.nik }),
  z.strictObject({ kpj: z.string().regex(/^\d{11}$/) }),
  z.strictObject({ id: Participant.shape.id }),
])
export type Lookup = z.infer<typeof Lookup>
/** Null for somebody who is not known: that is an answer, and no fault. */
export const LookupAnswer = z.strictObject({ participant: Participant.nullable() })

/** The directory behind HTTPS; what is asked for stands in the body and never in a URL. */
export function httpDirectory(config: UpstreamConfig, limits?: UpstreamLimits): ParticipantDirectory {
  const system = upstream('participant directory', config, limits)
  const find = async (body: Lookup, isAsked: (it: Participant) => boolean): Promise<Participant | null> => {
    // Somebody else's data under this NIK would let one person's account be given to another.
    const answer = LookupAnswer.refine(({ participant }) => participant === null || isAsked(participant))
    const { participant } = await system.call({ path: LOOKUP_PATH, body, answer })
    return participant
  }
  return {
    findByNik: (nik) => find({ nik }, (it) => it.nik === nik),
    findByKpj: (kpj) => find({ kpj }, (it) => it.cards.some((card) => card.kpj === kpj)),
    findById: (id) => find({ id }, (it) => it.id === id),
  }
}
