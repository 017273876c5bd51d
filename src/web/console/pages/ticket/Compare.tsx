import { useState } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { asProblem } from '../../api/client.js'
import { comparisonQuery, personQuery } from '../../api/queries.js'
import type { ComparedField, Person, SideBySide } from '../../api/types.js'
import { Head } from '../../parts/Head.js'
import { Icon, type IconName } from '../../parts/Icon.js'
import { Loaded, Section } from '../../parts/Page.js'
import { Tag } from '../../parts/Tag.js'
import { coded, codes } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { Reveal } from './Reveal.js'
import { Trace } from './Trace.js'
import { ticketWords } from './words.js'

/** What was declared beside what the directory holds and what the NIK says by itself, masked until there is a reason. */
export function Compare({ id, auto }: { readonly id: string; readonly auto: boolean }) {
  const t = useWords(ticketWords)
  const client = useQueryClient()
  const [asked, setAsked] = useState(false)
  const [revealing, setRevealing] = useState(false)
  const enabled = auto || asked
  const compared = useQuery({ ...comparisonQuery(id), enabled })
  const person = useQuery({ ...personQuery(id), enabled })
  if (!enabled)
    return (
      <Section title={t.compare}>
        <p className="fine">{t.compareNote}</p>
        <button type="button" className="button quiet" onClick={() => setAsked(true)}>
          {t.compareShow}
        </button>
      </Section>
    )
  if (compared.error !== null && asProblem(compared.error).code === 'NOT_FOUND')
    return (
      <Section title={t.compare}>
        <p>{t.noPerson}</p>
      </Section>
    )
  const clear = compared.data?.masked === false || (person.data?.revealed.length ?? 0) > 0
  const hide = () => {
    void client.invalidateQueries({ queryKey: ['comparison', id] })
    void client.invalidateQueries({ queryKey: ['person', id] })
  }
  const aside = (
    <button type="button" className="button quiet" onClick={clear ? hide : () => setRevealing(true)}>
      <Icon name="eye" /> {clear ? t.hide : t.reveal}
    </button>
  )
  return (
    <Section title={t.compare} aside={aside}>
      <Loaded query={compared}>{(it) => <Sides of={it} />}</Loaded>
      <Loaded query={person}>{(it) => <Contacts of={it} />}</Loaded>
      {person.data?.identity.kpj === null && <Trace id={id} />}
      {revealing && <Reveal id={id} onClose={() => setRevealing(false)} />}
    </Section>
  )
}

function Sides({ of }: { readonly of: SideBySide }) {
  const t = useWords(ticketWords)
  const words = useWords(codes)
  return (
    <>
      {of.directory === 'unreachable' && <p className="inset warn">{t.unreachable}</p>}
      {of.directory === 'answered' && of.records.length === 0 && <p className="inset warn">{t.noRecord}</p>}
      {of.unasked.length > 0 && <Fields caption={t.compare} other={t.record} fields={of.unasked} />}
      {of.records.map((it, index) => (
        <div key={index}>
          <Fields caption={t.foundBy(it.foundBy.join(', ').toUpperCase())} other={t.record} fields={it.fields} />
          <dl className="facts">
            <dt>{t.recordFacts.status}</dt>
            <dd>{coded(words.standing, it.status)}</dd>
            <dt>{t.recordFacts.segment}</dt>
            <dd>{coded(words.segment, it.segment)}</dd>
            <dt>{t.recordFacts.registered}</dt>
            <dd>{it.registeredOn}</dd>
            <dt>{t.recordFacts.accounts}</dt>
            <dd>{it.activeAccounts}</dd>
            <dt>{t.recordFacts.cards}</dt>
            <dd>{it.cards.map((card) => `${card.kpj} (${coded(words.standing, card.status)})`).join(', ') || '–'}</dd>
          </dl>
        </div>
      ))}
      <Fields
        caption={`${t.derived}: ${[of.derived.regency.name, of.derived.province.name].filter(Boolean).join(', ')}`}
        other={t.derived}
        fields={[of.derived.birthDate]}
      />
    </>
  )
}

const SIGNS = { equal: 'equal', differs: 'differs', onlyHere: 'warn', unknown: 'unknown' } as const satisfies Record<
  ComparedField['verdict'],
  IconName
>
const TONES = { equal: 'good', differs: 'bad', onlyHere: 'warn', unknown: 'plain' } as const

interface FieldsProps {
  readonly caption: string
  readonly other: string
  readonly fields: readonly ComparedField[]
}
function Fields({ caption, other, fields }: FieldsProps) {
  const t = useWords(ticketWords)
  const words = useWords(codes)
  return (
    <div className="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table className="sides">
        <caption>{caption}</caption>
        <Head of={[t.field, t.declared, other, t.verdict]} />
        <tbody>
          {fields.map((it) => (
            <tr key={it.field} className={it.verdict}>
              <th scope="row">{coded(words.field, it.field)}</th>
              <td>{it.declared ?? '–'}</td>
              <td>{it.other ?? '–'}</td>
              <td>
                <Tag tone={TONES[it.verdict]} icon={SIGNS[it.verdict]}>
                  {t.verdicts[it.verdict]}
                  {it.kind === null ? '' : `: ${t.kinds[it.kind]}`}
                </Tag>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Contacts({ of }: { readonly of: Person }) {
  const t = useWords(ticketWords)
  const words = useWords(codes)
  return (
    <>
      <h3>{t.contacts}</h3>
      <dl className="facts">
        {of.contacts.map((it) => (
          <div key={it.channel}>
            <dt>{coded(words.field, it.channel)}</dt>
            <dd>
              <span className="value">{it.address}</span>{' '}
              <Tag tone={it.proven ? 'good' : 'warn'} icon={it.proven ? 'check' : 'warn'}>
                {it.proven ? t.proven : t.unproven}
              </Tag>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
