import type { Diagnostics } from '../../../machines/pengaduan/diagnostics.js'
import { CAUSES } from '../../../machines/pengaduan/events.js'
import type { Answer, Visit } from '../visit.js'

/** A complaint for this cause from here on; one that is being written in this browser already goes on under the new cause, with what the triage learned now. */
export async function beginDraft(
  visit: Visit,
  wanted: string,
  diagnostics: Diagnostics | null = null,
): Promise<Answer> {
  const { drafts, draft, cookies, deps } = visit
  const cause = (CAUSES as readonly string[]).includes(wanted) ? wanted : 'EMAIL_DAN_HP_HILANG'
  deps.triage?.(cause, 'ticket')
  const told = { cause, ...(diagnostics === null ? {} : { diagnostics }) }
  if (draft !== null && draft.answers.sent !== true) await drafts.save(draft, told)
  else cookies.set('draft', (await drafts.begin(told)).token)
  return { redirect: visit.to('/pengaduan/identitas') }
}
