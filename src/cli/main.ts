import { Command } from 'commander'
import { processIo, type CliIo } from './io.js'

type Register = (program: Command, io: CliIo) => void

/** In the order in which help lists them. Only the rooms of the command that is asked for are loaded: half of a short command's time was files. */
const COMMANDS: readonly (readonly [names: string, load: () => Promise<Register>])[] = [
  ['serve api work', async () => (await import('./serve.js')).registerServe],
  ['sample', async () => (await import('./sample.js')).registerSample],
  ['demo', async () => (await import('./demo.js')).registerDemo],
  ['staff', async () => (await import('./staff.js')).registerStaff],
  ['ticket', async () => (await import('./ticket.js')).registerTicket],
  ['verify', async () => (await import('./verify.js')).registerVerify],
  ['audit', async () => (await import('./audit.js')).registerAudit],
  ['calendar', async () => (await import('./calendar.js')).registerCalendar],
  ['machine', async () => (await import('./machine.js')).registerMachine],
  ['migrate', async () => (await import('./migrate.js')).registerMigrate],
  ['doctor', async () => (await import('./doctor.js')).registerDoctor],
  ['directory', async () => (await import('./directory.js')).registerDirectory],
  ['backup', async () => (await import('./backup.js')).registerBackup],
  ['restore', async () => (await import('./restore.js')).registerRestore],
  ['keys', async () => (await import('./keys.js')).registerKeys],
  ['retention erase hold', async () => (await import('./retention.js')).registerRetention],
  ['privacy', async () => (await import('./privacy.js')).registerPrivacy],
]

// A reader that went away (`pulih verify | head -1`) ends no command: it does its work, and its exit code stays true.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return
    // A full disk behind `> file`: what was to be said is lost, and nobody may take that for the answer.
    if (stream === process.stdout)
      processIo.err(`pulih: the output cannot be written (${error.code ?? 'unknown error'})`)
    process.exit(1)
  })

const program = new Command('pulih')
  .description('Pulih: pengaduan from submission to contact updated, on business-day timers')
  .showHelpAfterError('(pulih <command> --help says more)')

const [first = ''] = process.argv.slice(2)
const asked = COMMANDS.filter(([names]) => names.split(' ').includes(first))
// Help, and what is no command: all of them, so that commander can list them or guess what was meant.
for (const [, load] of asked.length > 0 ? asked : COMMANDS) (await load())(program, processIo)

await program.parseAsync()
