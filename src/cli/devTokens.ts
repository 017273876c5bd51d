import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { explainFolder } from '../../db/folder.js'
import { developmentTokens, type DevelopmentToken } from '../api/index.js'
import { digestToken, TOKEN_ROLES } from '../config.js'
import { PulihError } from '../engine/index.js'
import { makePrivateFile, readIfThere } from '../privateFile.js'

/**
 * Development tokens stay the same over restarts of one data folder, readable by its owner only. Never in production.
 * Throws CONFIGURATION_INVALID when the folder cannot be used or the file in it holds something else.
 */
export function rememberedTokens(dataDir: string): readonly DevelopmentToken[] {
  const file = join(dataDir, 'dev-tokens.json')
  try {
    return keptTokens(readIfThere(file) ?? makePrivateFile(file, newTokens(), randomBytes))
  } catch (error) {
    throw explainFolder(error)
  }
}

const newTokens = (): string =>
  JSON.stringify(
    developmentTokens(randomBytes).map(({ role, token }) => ({ role, token })),
    null,
    2,
  )
const keptFile = z.array(z.object({ role: z.enum(TOKEN_ROLES), token: z.string().min(1) })).min(1)

function keptTokens(text: string): readonly DevelopmentToken[] {
  try {
    return keptFile
      .parse(JSON.parse(text))
      .map(({ role, token }) => ({ role, token, entry: { role, actorId: `dev-${role}`, sha256: digestToken(token) } }))
  } catch {
    // Without the cause: a parser's message may show a piece of a token.
    throw new PulihError(
      'CONFIGURATION_INVALID',
      'The file dev-tokens.json in the data folder is damaged: delete it, and the next start makes new tokens.',
    )
  }
}
