import { areTooMany } from '../../documents/index.js'
import { filesElsewhere, filesOf } from '../../services.js'
import { fail, ok, skipped, warn } from '../findings.js'
import type { Check, Evidence, Finding } from '../types.js'

/** Do database and file store belong together? One restored without the other looks well otherwise. */
export const checkEvidence: Check = async (evidence) => [...(await named(evidence)), ...unnamed(evidence)]

/** Are the files of the newest documents there? */
const named: Check = async ({ config, contents }) => {
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

/** Files that no row names, in numbers that no killed process leaves: the database is an older copy. A server keeps them and says so. */
function unnamed({ contents }: Evidence): readonly Finding[] {
  const strays = contents?.strays ?? null
  if (strays === null || !areTooMany(strays)) return []
  return [
    warn(
      'evidence',
      `Of ${strays.files} evidence files looked at, no row names ${strays.orphans}: is this the right database? Nothing is removed.`,
      'Restore the database that belongs to these files. If this is the right one, `pulih retention --orphan-files` removes them.',
    ),
  ]
}
