import type { Command } from 'commander'
import { guarded, type CliIo } from './io.js'
import { serving } from './open.js'

interface RetentionOptions {
  readonly data?: string
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly orphanFiles?: boolean
}
interface OneTicket {
  readonly data?: string
  readonly reason: string
  readonly actor: string
}

/** Adds `retention`, `erase` and `hold` to the program: what has to go, and what must not. */
export function registerRetention(program: Command, io: CliIo): void {
  const data = ['--data <dir>', 'data folder (PULIH_DATA, default .pulih)'] as const
  program
    .command('retention')
    .description('removes what has been kept for long enough; a running server does so every hour')
    .option('--dry-run', 'counts, and changes nothing')
    .option('--orphan-files', 'evidence files that no row names go too, however many: only on the right database')
    .option(...data)
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (options: RetentionOptions) => retention(options, io)))
  program
    .command('erase')
    .description("destroys the key of a closed ticket's personal data for good; its record without them stays")
    .argument('<ticketId>')
    .requiredOption('--reason <code>', 'why, as a code: no names, no numbers')
    .option(...data)
    .action(
      guarded(io, async (ticketId: string, { data, reason }: OneTicket) => {
        const done = await serving(data, {}, ({ services }) => services.care.erasure.erase(ticketId, reason))
        io.out(done ? 'erased; a restored backup will not bring it back' : 'was erased before')
      }),
    )
  const hold = program.command('hold').description('legal holds: while one stands, nothing of the ticket is erased')
  hold
    .command('place')
    .argument('<ticketId>')
    .requiredOption('--reason <code>', 'why, as a code: no names, no numbers')
    .requiredOption('--actor <id>', 'who decided it')
    .option(...data)
    .action(
      guarded(io, async (ticketId: string, { data, reason, actor }: OneTicket) => {
        await serving(data, {}, ({ services }) => services.care.erasure.placeHold(ticketId, reason, actor))
        io.out('held')
      }),
    )
  hold
    .command('lift')
    .argument('<ticketId>')
    .option(...data)
    .action(
      guarded(io, async (ticketId: string, { data }: OneTicket) => {
        const lifted = await serving(data, {}, ({ services }) => services.care.erasure.liftHold(ticketId))
        io.out(lifted === 0 ? 'no hold stood' : 'lifted')
      }),
    )
}

async function retention({ data, json, dryRun = false, orphanFiles }: RetentionOptions, io: CliIo): Promise<void> {
  const { duties, orphans } = await serving(data, { readOnly: dryRun }, async ({ services }) => {
    const duties = await services.care.retain({ dryRun })
    const asked = orphanFiles === true && !dryRun
    return { duties, orphans: asked ? (await services.documents.tidy({ evenMany: true })).orphans : null }
  })
  if (json === true) {
    io.out(JSON.stringify({ dryRun, duties, ...(orphans === null ? {} : { orphans }) }, null, 2))
    return
  }
  for (const { duty, due, removed } of duties)
    io.out(`${duty.padEnd(10)} ${dryRun ? `${due} would go` : `${removed} of ${due} removed`}`)
  if (orphans !== null) io.out(`${'files'.padEnd(10)} ${orphans} that no row names removed`)
}
