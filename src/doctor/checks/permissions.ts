import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { movedAside } from '../../../db/folder.js'
import { fail, ok, skipped, warn } from '../findings.js'
import type { Check, Finding } from '../types.js'

const OTHERS = 0o077

/** Only its owner reads the data folder and the tokens in it, and nothing former is left in it. */
export const checkPermissions: Check = ({ config: { dataDir } }) => {
  const folder = statSync(dataDir, { throwIfNoEntry: false })
  if (folder === undefined)
    return [skipped('permissions', 'The data folder is not there yet; it is made for its owner alone.')]
  if (!folder.isDirectory())
    return [
      fail('permissions', 'The path of the data folder names a file.', 'Choose another folder (PULIH_DATA, --data).'),
    ]
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return [
      fail(
        'permissions',
        'This user may not read and write the data folder.',
        'Make it the owner of the folder (chown), or run as its owner.',
      ),
    ]
  }
  const findings: Finding[] = []
  if ((folder.mode & OTHERS) !== 0)
    findings.push(warn('permissions', 'Other users of this machine can look into the data folder.', 'chmod 700 it.'))
  const tokens = statSync(join(dataDir, 'dev-tokens.json'), { throwIfNoEntry: false })
  if (tokens !== undefined && (tokens.mode & OTHERS) !== 0)
    findings.push(
      warn(
        'permissions',
        'Other users of this machine can read dev-tokens.json: each token opens the API.',
        'chmod 600 it, or delete it: the next start makes new tokens.',
      ),
    )
  for (const path of movedAside(dataDir))
    findings.push(
      warn('permissions', `A restore moved former data to ${path}; no erasure reaches them.`, 'Remove that folder.'),
    )
  return findings.length > 0 ? findings : [ok('permissions', 'The data folder is its owner’s alone.')]
}
