import { useEffect, useRef, useState, type SyntheticEvent } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { asProblem, post } from '../../api/client.js'
import { noteDraftQuery, notesQuery, ticketPath } from '../../api/queries.js'
import type { Draft, DraftSaved, Note } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { TextArea } from '../../parts/Field.js'
import { Loaded, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { useTimes } from '../../parts/time.js'
import { useWords } from '../../words/index.js'
import { ticketWords } from './words.js'

/** What was told to the participant, and the next note while it is being written. */
export function Notes({ id }: { readonly id: string }) {
  const t = useWords(ticketWords)
  const times = useTimes()
  const { staffId } = useSession()
  const notes = useQuery(notesQuery(id))
  const draft = useQuery(noteDraftQuery(id))
  return (
    <Section title={t.notes}>
      <Loaded query={notes}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t.noNotes}</p>
          ) : (
            <ul className="plain notes">
              {items.map((it) => (
                <li key={it.noteId}>
                  <p>{it.text}</p>
                  <p className="fine">
                    {times.full(it.at)} · {it.by === staffId ? t.you : t.officer}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Loaded query={draft}>{(it) => <Writing id={id} from={it} />}</Loaded>
    </Section>
  )
}

const PAUSE_MS = 1_200
type Saving = 'idle' | 'saving' | 'saved' | 'failed' | 'elsewhere' | 'nowhere'
const REFUSALS: Readonly<Record<string, Saving>> = { CONFLICT: 'elsewhere', NOT_FOUND: 'nowhere' }

/** Saved by itself a moment after the last key, sealed with the case; the version says which text it replaces. */
function Writing({ id, from }: { readonly id: string; readonly from: Draft }) {
  const t = useWords(ticketWords)
  const client = useQueryClient()
  const [text, setText] = useState(from.text)
  const [saving, setSaving] = useState<Saving>('idle')
  const version = useRef(from.version)
  const kept = useRef(from.text)
  const turn = useRef<Promise<void>>(Promise.resolve())
  const save = (wanted: string): Promise<void> =>
    (turn.current = turn.current.then(async () => {
      if (wanted === kept.current) return
      setSaving('saving')
      try {
        const body = { text: wanted, version: version.current }
        version.current = (await post<DraftSaved>(ticketPath(id, '/note-draft'), { body })).version
        kept.current = wanted
        setSaving('saved')
      } catch (error) {
        setSaving(REFUSALS[asProblem(error).code] ?? 'failed')
      }
    }))
  const latest = useRef(save)
  useEffect(() => {
    latest.current = save
  })
  useEffect(() => {
    const timer = setTimeout(() => void latest.current(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  const write = useAct((given: string) => post<Note>(ticketPath(id, '/notes'), { body: { text: given } }))
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    if (text.trim() === '' || (await write.run(text.trim())) === undefined) return
    setText('')
    await save('')
    setSaving('idle')
    announce(t.noteSent)
    await client.invalidateQueries({ queryKey: notesQuery(id).queryKey })
  }
  const said = {
    idle: '',
    saving: t.draftSaving,
    saved: t.draftSaved,
    failed: t.draftFailed,
    elsewhere: t.draftElsewhere,
    nowhere: t.draftNowhere,
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Problem of={write.problem} />
      <TextArea
        {...{ label: t.write, hint: t.noteHint, value: text, rows: 4, maxLength: 1_000 }}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row">
        <button className="button quiet" disabled={write.busy || text.trim() === ''}>
          {t.noteSend}
        </button>
        <span className="fine" data-saving={saving}>
          {said[saving]}
        </span>
      </div>
    </form>
  )
}
