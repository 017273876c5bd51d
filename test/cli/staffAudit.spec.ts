import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, it, onTestFinished } from 'vitest'
import { registerAudit } from '../../src/cli/audit.js'
import { registerStaff } from '../../src/cli/staff.js'

interface Entry {
  readonly action: string
  readonly actorId: string
  readonly hash: string
  readonly prevHash: string
}

it('`pulih staff` makes and disables accounts, and `pulih audit` shows who did it, and that nothing is missing', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-cli-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const run = async (...args: string[]): Promise<{ out: string; err: string; code: number }> => {
    const said = { out: [] as string[], err: [] as string[], code: 0 }
    const io = {
      out: (line: string) => said.out.push(line),
      err: (line: string) => said.err.push(line),
      setExitCode: (code: number) => (said.code = code),
    }
    const program = new Command().exitOverride()
    registerStaff(program, io)
    registerAudit(program, io)
    await program.parseAsync([...args, '--data', dir], { from: 'user' })
    return { out: said.out.join('\n'), err: said.err.join('\n'), code: said.code }
  }
  const person = ['--number', 'P-1001', '--name', 'Sari Contoh']
  const made = await run('staff', 'create', 'sari', ...person, '--role', 'admin', 'agent@pusat')
  expect([made.code, made.err]).toEqual([0, ''])
  expect(made.out).toMatch(/^sari: one-time password \S{8,}$/m)
  const twice = await run('staff', 'create', 'sari-dua', ...person)
  expect(twice.code).toBe(1)
  expect(twice.err).not.toContain('Sari')
  expect((await run('staff', 'create', 'Sari!', ...person)).err).toContain('(VALIDATION_FAILED)')
  expect((await run('staff', 'disable', 'nobody-here')).code).toBe(1)
  const listed = async () => (await run('staff', 'list', '--json')).out
  expect(await listed()).toContain('"sari"')
  expect((await run('staff', 'disable', 'sari')).err).toContain('(LAST_ADMIN)')
  const second = ['--number', 'P-1002', '--name', 'Budi Contoh', '--role', 'admin']
  expect((await run('staff', 'create', 'budi', ...second)).code).toBe(0)
  const before = await listed()
  expect(await run('staff', 'disable', 'sari')).toEqual({ out: 'sari: disabled', err: '', code: 0 })
  expect(await listed()).not.toBe(before)

  const exported = await run('audit', 'export', '--actor', 'auditor-1')
  const entries = exported.out.split('\n').map((line) => JSON.parse(line) as Entry)
  const actions = entries.map((it) => it.action)
  expect(actions.some((it) => it.startsWith('role.'))).toBe(true)
  expect(actions.at(-1)).toBe('audit.export')
  expect(entries.at(-1)?.actorId).toBe('auditor-1')
  entries.slice(1).forEach((it, n) => expect(it.prevHash).toBe(entries[n]?.hash))
  expect(exported.out).not.toMatch(/Sari|Budi|P-100/)

  const whole = await run('audit', 'verify')
  expect([whole.code, whole.out.split('\n').at(-1)]).toEqual([0, expect.stringMatching(/: 0 problems$/)])
  expect(whole.out).toContain('note: no checkpoints were given')
  const unread = await run('audit', 'verify', '--public-key', join(dir, 'no-such-file'))
  expect([unread.code, unread.err]).toEqual([1, expect.stringContaining('(CONFIGURATION_INVALID)')])
})
