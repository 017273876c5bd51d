import { useState, type SyntheticEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { reasonsQuery, typeQuery } from '../../api/queries.js'
import type { Ticket } from '../../api/types.js'
import { useKept } from '../../app/kept.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { OfficeField } from '../../parts/OfficeField.js'
import { SelectField, TextField, Tick, type Option } from '../../parts/Field.js'
import { Loading } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { coded, codes, optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useSay, useWords } from '../../words/index.js'
import { decisionWords } from './decisionWords.js'
import { Consequence } from './Objection.js'
import { askedBy, missingIn, NOTHING, payloadOf, type Asked, type AskedDocument, type Filled } from './payload.js'
import type { Reading } from './seen.js'
import type { Sender } from './sending.js'

interface Props {
  readonly reading: Reading
  readonly sender: Sender
  readonly event: Ticket['allowed'][number]
  readonly onClose: () => void
}

/** Any event, with what it asks for; what was filled in is kept until it was accepted. */
export function DecideDialog({ reading, sender, event, onClose }: Props) {
  const t = useWords(decisionWords)
  const { required } = useWords(common)
  const say = useSay()
  const { ticket, seen } = reading
  const { data: type } = useQuery(typeQuery(ticket.type))
  const reasons = useReasons(event.type)
  const [filled, setFilled, forget] = useKept<Filled>(`act:${ticket.ticketId}:${event.type}`, NOTHING)
  const [missing, setMissing] = useState<readonly string[]>([])
  const asked = askedBy(type, event.type)
  const submit = async (it: SyntheticEvent) => {
    it.preventDefault()
    const lacking = missingIn(asked, filled)
    setMissing(lacking)
    if (lacking.length > 0 || !(await sender.send(event.type, payloadOf(asked, filled)))) return
    forget()
    onClose()
  }
  const set = (name: string, value: string) => setFilled({ ...filled, values: { ...filled.values, [name]: value } })
  return (
    <Dialog title={`${say(event.label)} · ${ticket.ticketNumber}`} onClose={onClose}>
      {type === undefined ? (
        <Loading />
      ) : (
        <form onSubmit={(it) => void submit(it)} noValidate>
          <p className="fine">{t.stateNow(say(seen.stateLabel))}</p>
          <Consequence event={event.type} ticketId={ticket.ticketId} />
          <Problem of={sender.problemOf(event.type)} />
          {asked.map((it) =>
            it.kind === 'documents' ? (
              <DocumentsAsked
                key={it.name}
                of={filled.documents}
                reasons={reasons}
                wrong={missing.includes(it.name)}
                onChange={(documents) => setFilled({ ...filled, documents })}
              />
            ) : (
              <One
                key={it.name}
                of={it}
                reasons={reasons}
                value={filled.values[it.name] ?? ''}
                fault={missing.includes(it.name) ? required : undefined}
                onChange={(value) => set(it.name, value)}
              />
            ),
          )}
          <DialogButtons disabled={sender.busy} onClose={onClose}>
            {t.confirm}
          </DialogButtons>
        </form>
      )}
    </Dialog>
  )
}

function useReasons(event: string): readonly Option[] {
  const say = useSay()
  const { data } = useQuery(reasonsQuery)
  const found = data?.items.find((it) => it.event === event)?.reasons ?? []
  return found.map((it) => ({ value: it.code, text: say(it.text) }))
}

interface OneProps {
  readonly of: Asked
  readonly reasons: readonly Option[]
  readonly value: string
  readonly fault: string | undefined
  readonly onChange: (value: string) => void
}
function One({ of, reasons, value, fault, onChange }: OneProps) {
  const t = useWords(decisionWords)
  const { choose, reason } = useWords(common)
  const words = useWords(codes)
  const label =
    of.kind === 'reason' ? reason : of.name === 'officeId' ? t.officeId : of.name === 'flag' ? t.flag : of.name
  const known = of.values.map((it) => ({ value: it, text: coded(words.flag, it) }))
  const options = of.kind === 'reason' && reasons.length > 0 ? reasons : known
  if (of.kind === 'flag')
    return (
      <Tick checked={value === 'true'} onChange={(it) => onChange(String(it.target.checked))}>
        {label}
      </Tick>
    )
  if (options.length > 0)
    return (
      <SelectField
        {...{ label, fault, value, options, empty: choose, name: of.name }}
        onChange={(it) => onChange(it.target.value)}
      />
    )
  if (of.name === 'officeId') return <OfficeField {...{ label, fault, value, name: of.name, onChange }} />
  return (
    <TextField
      {...{ label, fault, value, name: of.name }}
      onChange={(it) => onChange(it.target.value)}
      autoComplete="off"
      spellCheck={false}
    />
  )
}

interface DocumentsProps {
  readonly of: readonly AskedDocument[]
  readonly reasons: readonly Option[]
  readonly wrong: boolean
  readonly onChange: (documents: readonly AskedDocument[]) => void
}
const MOST = 5

/** One after the other, each with its own reason. */
function DocumentsAsked({ of, reasons, wrong, onChange }: DocumentsProps) {
  const t = useWords(decisionWords)
  const { choose, reason } = useWords(common)
  const words = useWords(codes)
  const change = (at: number, by: Partial<AskedDocument>) =>
    onChange(of.map((it, index) => (index === at ? { ...it, ...by } : it)))
  return (
    <fieldset>
      <legend>{t.documents}</legend>
      {wrong && <p className="fault">{t.needOne}</p>}
      {of.map((it, at) => (
        <div className="pair" key={at}>
          <SelectField
            {...{ label: `${t.document} ${at + 1}`, value: it.kind, empty: choose, options: optionsOf(words.document) }}
            onChange={(event) => change(at, { kind: event.target.value })}
          />
          <SelectField
            {...{ label: reason, value: it.reason, empty: choose, options: reasons }}
            onChange={(event) => change(at, { reason: event.target.value })}
          />
          {of.length > 1 && (
            <button
              type="button"
              className="button plain"
              aria-label={`${t.removeDocument} ${t.document} ${at + 1}`}
              onClick={() => onChange(of.filter((_, index) => index !== at))}
            >
              {t.removeDocument}
            </button>
          )}
        </div>
      ))}
      {of.length < MOST && (
        <button type="button" className="button plain" onClick={() => onChange([...of, { kind: '', reason: '' }])}>
          {t.addDocument}
        </button>
      )}
    </fieldset>
  )
}
