import type { Entry } from '../../api/types.js'
import { Section } from '../../parts/Page.js'
import { coded, codes } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { ticketWords } from './words.js'

interface Diagnostics {
  readonly symptoms: readonly string[]
  readonly signs: readonly string[]
  readonly appVersion: string | null
}

const record = (it: unknown): Readonly<Record<string, unknown>> =>
  typeof it === 'object' && it !== null ? (it as Readonly<Record<string, unknown>>) : {}
const list = (it: unknown): readonly string[] => (Array.isArray(it) ? it.filter((one) => typeof one === 'string') : [])

/** What the triage learned, as the filing carried it; null for whoever filed without. */
function learnedIn(entries: readonly Entry[]): Diagnostics | null {
  const filed = entries.find((it) => it.event === 'ticket.file')?.payload
  const { symptoms, signs, appVersion } = record(record(filed?.['filing'])['diagnostics'])
  const learned = {
    ...{ symptoms: list(symptoms), signs: list(signs) },
    appVersion: typeof appVersion === 'string' ? appVersion : null,
  }
  const nothing = learned.symptoms.length + learned.signs.length === 0 && learned.appVersion === null
  return nothing ? null : learned
}

/** What went wrong in the app, by the participant's own word. */
export function Learned({ entries }: { readonly entries: readonly Entry[] }) {
  const t = useWords(ticketWords)
  const words = useWords(codes)
  const learned = learnedIn(entries)
  if (learned === null) return null
  return (
    <Section title={t.learned}>
      <ul data-learned>
        {learned.symptoms.map((it) => (
          <li key={it}>
            <b>{coded(words.symptom, it)}</b>
          </li>
        ))}
        {learned.signs.map((it) => (
          <li key={it}>{coded(words.sign, it)}</li>
        ))}
        {learned.appVersion !== null && <li>{t.appVersion(learned.appVersion)}</li>}
      </ul>
    </Section>
  )
}
