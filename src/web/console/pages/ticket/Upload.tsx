import { useState, type SyntheticEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { upload } from '../../api/client.js'
import { ticketPath } from '../../api/queries.js'
import type { Uploaded } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { holds, useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { SelectField, TextField } from '../../parts/Field.js'
import { Problem } from '../../parts/Problem.js'
import { codes, optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { documentWords } from './documentWords.js'

const TAKEN = 'image/jpeg,image/png,image/webp,application/pdf'

/** For whoever sits at the desk with the papers in hand. */
export function UploadButton({ id }: { readonly id: string }) {
  const t = useWords(documentWords)
  const [open, setOpen] = useState(false)
  if (!holds(useSession(), ['agent'])) return null
  return (
    <>
      <button type="button" className="button quiet" data-upload onClick={() => setOpen(true)}>
        {t.upload}
      </button>
      {open && <UploadDialog id={id} onClose={() => setOpen(false)} />}
    </>
  )
}

/** One file at a time: how far it is, and what became of it or the very reason why not. */
function UploadDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const t = useWords(documentWords)
  const { choose, cancel, close, required } = useWords(common)
  const words = useWords(codes)
  const client = useQueryClient()
  const [kind, setKind] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [tried, setTried] = useState(false)
  const [part, setPart] = useState(0)
  const [done, setDone] = useState<string | null>(null)
  const act = useAct((given: { kind: string; name: string; bytes: number }) => {
    const form = new FormData()
    form.append('kind', given.kind)
    if (file !== null) form.append('file', file, file.name)
    return upload<Uploaded>(ticketPath(id, '/documents'), form, setPart)
  })
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    setDone(null)
    setPart(0)
    if (kind === '' || file === null) return
    const answer = await act.run({ kind, name: file.name, bytes: file.size })
    const [became] = answer?.documents ?? []
    if (became === undefined || became.state === 'refused') return
    const said = became.repeated ? t.uploaded.repeated : t.uploaded[became.state]
    setDone(said)
    setFile(null)
    setTried(false)
    announce(said)
    void client.invalidateQueries({ queryKey: ['ticket', id] })
  }
  const percent = Math.round(part * 100)
  return (
    <Dialog title={t.upload} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t.uploadLead}</p>
        <Problem of={act.problem} />
        {done !== null && <p className="inset">{done}</p>}
        <SelectField
          {...{ label: t.uploadKind, name: 'kind', value: kind, empty: choose, options: optionsOf(words.document) }}
          fault={tried && kind === '' ? required : undefined}
          onChange={(event) => setKind(event.target.value)}
        />
        <TextField
          {...{ label: t.uploadFile, name: 'file', type: 'file', accept: TAKEN }}
          key={done}
          fault={tried && file === null ? required : undefined}
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        />
        {act.busy && (
          <p>
            <progress max={100} value={percent} aria-label={t.upload} />{' '}
            {percent < 100 ? t.uploadSent(percent) : t.uploadChecking}
          </p>
        )}
        <DialogButtons disabled={act.busy} onClose={onClose} leave={done === null ? cancel : close}>
          {done === null ? t.upload : t.uploadMore}
        </DialogButtons>
      </form>
    </Dialog>
  )
}
