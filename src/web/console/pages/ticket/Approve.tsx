import { useState, type SyntheticEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { asProblem } from '../../api/client.js'
import { comparisonQuery, personQuery } from '../../api/queries.js'
import type { Person, SideBySide, Ticket } from '../../api/types.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { TextField } from '../../parts/Field.js'
import { Head } from '../../parts/Head.js'
import { Icon } from '../../parts/Icon.js'
import { Loading } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useSay, useWords } from '../../words/index.js'
import { decisionWords } from './decisionWords.js'
import type { Reading } from './seen.js'
import type { Sender } from './sending.js'

/** Both pairs of eyes are asked the same. */
export const APPROVALS: ReadonlySet<string> = new Set(['approval.propose', 'approval.confirm'])
const LAST = 4

interface Props {
  readonly reading: Reading
  readonly sender: Sender
  readonly event: Ticket['allowed'][number]
  readonly onClose: () => void
}

/** Says once more what becomes of what, and asks for something that only the case's own papers tell: no key and no habit approves. */
export function Approve({ reading, sender, event, onClose }: Props) {
  const t = useWords(decisionWords)
  const say = useSay()
  const { ticket } = reading
  const person = useQuery(personQuery(ticket.ticketId))
  const compared = useQuery(comparisonQuery(ticket.ticketId))
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const nobody = person.error !== null && asProblem(person.error).code === 'NOT_FOUND'
  const known = person.data ?? null
  const wanted = known === null ? ticket.ticketNumber.slice(-LAST) : known.identity.nik.slice(-LAST)
  const submit = async (it: SyntheticEvent) => {
    it.preventDefault()
    const fits = typed.trim().toUpperCase() === wanted
    setWrong(!fits)
    if (fits && (await sender.send(event.type))) onClose()
  }
  const title = `${say(event.label)} · ${ticket.ticketNumber}`
  // What becomes of what is read before anything can be typed.
  if (!nobody && (known === null || compared.isLoading))
    return (
      <Dialog title={title} onClose={onClose}>
        {person.error === null ? (
          <Loading />
        ) : (
          <Problem of={asProblem(person.error)} onRetry={() => void person.refetch()} />
        )}
      </Dialog>
    )
  return (
    <Dialog title={title} onClose={onClose} wide>
      <form onSubmit={(it) => void submit(it)} noValidate>
        <p>{t.approveLead}</p>
        {known !== null && <Restated of={known} account={compared.data?.account} />}
        <p className="inset warn">
          <Icon name="warn" /> {t.irreversible}
        </p>
        <Problem of={sender.problemOf(event.type)} />
        <TextField
          {...{ value: typed, name: 'digits', className: 'code', maxLength: LAST }}
          label={known === null ? t.chars : t.digits}
          hint={known === null ? t.charsHint : t.digitsHint}
          fault={wrong ? t.wrong : undefined}
          onChange={(it) => setTyped(it.target.value)}
          inputMode={known === null ? 'text' : 'numeric'}
          autoComplete="off"
        />
        <DialogButtons disabled={sender.busy || typed.trim().length < LAST} onClose={onClose}>
          {say(event.label)}
        </DialogButtons>
      </form>
    </Dialog>
  )
}

interface RestatedProps {
  readonly of: Person
  readonly account: SideBySide['account'] | undefined
}
/** Old beside new, as masked as the API gives it. */
export function Restated({ of, account }: RestatedProps) {
  const t = useWords(decisionWords)
  return (
    <>
      <p>
        {t.person}: <b className="value">{of.identity.name}</b>
      </p>
      <table className="restated">
        <Head of={[t.what, t.old, t.becomes]} />
        <tbody>
          {of.contacts.map((it) => (
            <tr key={it.channel}>
              <th scope="row">{t.channels[it.channel]}</th>
              <td className="value" data-label={t.old}>
                {account?.state === 'known'
                  ? (account[it.channel] ?? t.oldNone)
                  : t.oldUnknown[account?.state ?? 'unreachable']}
              </td>
              <td data-label={t.becomes}>
                <b className="value">{it.address}</b>{' '}
                {!it.proven && (
                  <Tag tone="bad" icon="warn">
                    {t.notProven}
                  </Tag>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {of.contacts
        .filter((it) => account?.[it.channel] === it.address)
        .map((it) => (
          <p key={it.channel} className="fine">
            {t.channels[it.channel]}: {t.sameMask}
          </p>
        ))}
    </>
  )
}
