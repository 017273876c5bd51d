import type { Outcome } from '../../../documents/index.js'
import { PulihError } from '../../../engine/errors.js'
import { documentText } from '../../../intake/timeline.js'
import { markup, type Html } from '../html.js'
import type { Visit } from '../visit.js'
import { fileText } from '../words/files.js'
import { wizard } from '../words/wizard.js'
import type { Label } from '../../../machines/ticketType.js'

export const ACCEPTED = 'image/jpeg,image/png,image/webp,application/pdf,.jpg,.jpeg,.png,.webp,.pdf'

/** One document a form: each has its progress, its fault and its next try. The token stands in the address, because the body is the file's. */
export function uploadForm(visit: Visit, path: string, kind: string): Html {
  const { say, csrf } = visit
  const name = say(documentText(kind))
  const id = `berkas-${kind.toLowerCase()}`
  const words = {
    sending: say(uploading.sending),
    failed: say(uploading.failed),
    again: say(uploading.again),
    kept: say(wizard.uploaded),
  }
  return markup`<form
    method="post"
    enctype="multipart/form-data"
    action="${visit.to(path)}?csrf=${csrf}"
    data-upload
    data-sending="${words.sending}"
    data-failed="${words.failed}"
    data-again="${words.again}"
    data-kept="${words.kept}"
  >
    <input type="hidden" name="kind" value="${kind}" />
    <div class="field">
      <label for="${id}">${say(wizard.chooseFile, { kind: name })}</label>
      <input type="file" id="${id}" name="file" accept="${ACCEPTED}" />
    </div>
    <progress max="1" value="0" hidden aria-label="${words.sending}"></progress>
    <p role="status"></p>
    <button class="button quiet">${say(wizard.upload, { kind: name })}</button>
  </form>`
}
const uploading = {
  sending: { id: 'Sedang mengunggah…', en: 'Uploading…' },
  failed: {
    id: 'Sambungan terputus. Coba lagi; isian lain tetap tersimpan.',
    en: 'The connection broke. Try again; everything else is kept.',
  },
  again: { id: 'Coba lagi', en: 'Try again' },
} as const satisfies Readonly<Record<string, Label>>

/** What is wrong with an upload, at its own box; null when it is kept. */
export async function uploadFault(
  { say }: Pick<Visit, 'say'>,
  upload: () => Promise<readonly Outcome[]>,
): Promise<{ readonly field: string | null; readonly text: string } | null> {
  const outcomes = await tried(upload)
  if (!Array.isArray(outcomes)) return { field: null, text: say(fileText(outcomes as string)) }
  const refused = (outcomes as readonly Outcome[]).find((it) => it.state === 'refused')
  if (outcomes.length === 0) return { field: null, text: say(fileText('DOCUMENT_MISSING')) }
  if (refused?.state !== 'refused') return null
  const { kind, refused: why } = refused
  const text = say(why.advice ?? fileText(why.code))
  if (kind === null) return { field: null, text }
  const label = say(documentText(kind))
  return { field: `berkas-${kind.toLowerCase()}`, text: say(wizard.fileFailed, { kind: label, why: text }) }
}

/** The outcomes, or the code of what was wrong with the request as a whole. Throws what is not about the upload. */
async function tried(upload: () => Promise<readonly Outcome[]>): Promise<readonly Outcome[] | string> {
  try {
    return await upload()
  } catch (error) {
    if (error instanceof PulihError && error.status < 500 && error.status !== 404) return error.code
    throw error
  }
}
