import type { Actor } from '../machines/ticketType.js'

/** The offices that play: the digital unit and two branches, one in each Indonesian zone. */
export const OFFICES = ['pusat', 'cabang-makassar', 'cabang-jayapura'] as const
export type OfficeId = (typeof OFFICES)[number]

/** Who does a step: the participant, the service that attests for them, or an officer of the ticket's team. */
export type Part = 'participant' | 'portal' | 'agent' | 'checker' | 'makerAsChecker' | 'supervisor'

/** People at work there, in teams: a ticket is handled by one agent and one checker (D28). */
const TEAMS: Readonly<Record<OfficeId, number>> = { pusat: 6, 'cabang-makassar': 2, 'cabang-jayapura': 2 }

/** The actor of a part. A team's agent who also holds the checker's role is how a maker may try to confirm their own work. */
export function actorOf(part: Part, office: OfficeId, ticket: number): Actor {
  const place = office.replace('cabang-', '')
  const team = (ticket % TEAMS[office]) + 1
  switch (part) {
    case 'portal':
      return { id: 'portal', role: 'portal' }
    case 'participant':
      return { id: `peserta-${ticket}`, role: 'participant' }
    case 'agent':
      return { id: `petugas-${place}-${team}`, role: 'agent' }
    case 'makerAsChecker':
      return { id: `petugas-${place}-${team}`, role: 'checker' }
    case 'checker':
      return { id: `pemeriksa-${place}-${team}`, role: 'checker' }
    case 'supervisor':
      return { id: `penyelia-${place}`, role: 'supervisor' }
  }
}
