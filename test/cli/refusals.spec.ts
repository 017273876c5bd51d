import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { registerServe } from '../../src/cli/serve.js'
import { registerTicket } from '../../src/cli/ticket.js'
import { command } from '../support/command.js'

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-cli-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

const run = (...args: string[]) => command([registerServe, registerTicket], args)

describe('serve', () => {
  it.each(['not JSON, dev-portal-secret', '{}', '[]', '[{"role":"king","token":"x"}]', '[{"role":"agent"}]'])(
    'says to delete dev-tokens.json when it holds %s, and leaves it alone',
    async (content) => {
      const dir = folder()
      const file = join(dir, 'dev-tokens.json')
      writeFileSync(file, content)
      expect(await run('serve', '--port', '0', '--data', dir)).toMatchObject({
        out: [],
        err: [
          'pulih: The file dev-tokens.json in the data folder is damaged: delete it, and the next start makes new tokens. (CONFIGURATION_INVALID)',
        ],
        code: 1,
      })
      expect(readFileSync(file, 'utf8')).toBe(content)
    },
  )

  it('says that --data names a file', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    const { err, code } = await run('serve', '--port', '0', '--data', file)
    expect(err).toEqual([expect.stringMatching(/^pulih: .*\(the path names a file\).* \(CONFIGURATION_INVALID\)$/)])
    expect(code).toBe(1)
  })
})

describe('ticket send --as', () => {
  const send = (as: string, data: string) => run('ticket', 'send', 'nobody', 'reopen', '--as', as, '--data', data)

  it.each([
    'agent:',
    'agent:siti:x',
    'agent:siti rahma',
    'agent:siti@example.org',
    `agent:${'x'.repeat(65)}`,
    'agent:system',
    'agent:System',
    'system:siti',
    'siti',
  ])('refuses %s, without repeating it', async (as) => {
    const { err, code } = await send(as, folder())
    expect(err).toEqual([expect.stringContaining('(VALIDATION_FAILED)')])
    if (as.length > 6) expect(err[0]).not.toContain(as)
    expect(code).toBe(1)
  })

  it.each(['agent:siti', 'portal:A.b_c-9', `agent:${'x'.repeat(64)}`])('takes %s', async (as) => {
    expect((await send(as, folder())).err).toEqual([expect.stringContaining('(TICKET_NOT_FOUND)')])
  })
})
