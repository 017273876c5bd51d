import { randomFillSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { explainFolder } from '../../db/folder.js'
import { developmentTokens, type DevelopmentToken } from '../api/index.js'
import { digestToken, TOKEN_ROLES } from '../config.js'
import { PulihError } from '../engine/index.js'

/**
 * Development tokens stay the same over restarts of one data folder, readable by its owner only. Never in production.
 * Throws CONFIGURATION_INVALID when the folder cannot be used or the file in it holds something else.
 */
export function rememberedTokens(dataDir: string): readonly DevelopmentToken[] {
  const file = join(dataDir, 'dev-tokens.json')
  try {
    if (existsSync(file)) return keptTokens(readFileSync(file, 'utf8'))
    const tokens = developmentTokens((size) => randomFillSync(new Uint8Array(size)))
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const kept = tokens.map(({ role, token }) => ({ role, token }))
    writeFileSync(file, JSON.stringify(kept, null, 2), { mode: 0o600 })
    return tokens
  } catch (error) {
    throw explainFolder(error)
  }
}

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
