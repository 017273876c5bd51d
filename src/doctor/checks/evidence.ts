import { filesElsewhere, filesOf } from '../../services.js'
import { fail, ok, skipped } from '../findings.js'
import type { Check } from '../types.js'

/** Are the files of the newest documents there? A database restored without its file store looks well otherwise. */
export const checkEvidence: Check = async ({ config, contents }) => {
  const newest = contents?.evidence ?? []
  if (newest.length === 0) return []
  if (filesElsewhere(config))
    return [
      skipped(
        'evidence',
        'The files of documents lie with the servers: ask there, or name their folder in PULIH_FILES.',
      ),
    ]
  const files = filesOf(config)
  let lacking = 0
  for (const refs of newest) {
    const there = await Promise.all(refs.map((ref) => files.has(ref)))
    if (there.includes(false)) lacking += 1
  }
  if (lacking === 0) return [ok('evidence', `The files of the newest ${newest.length} documents are there.`)]
  return [
    fail(
      'evidence',
      `Of the newest ${newest.length} documents ${lacking} lack files: nobody can look at them.`,
      'Restore the file store (PULIH_FILES, or files in the data folder) with the database’s backup; `pulih verify` names each file.',
    ),
  ]
}
