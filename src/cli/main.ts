import { Command } from 'commander'
import { registerCalendar } from './calendar.js'
import { registerDemo } from './demo.js'
import { processIo } from './io.js'
import { registerMigrate } from './migrate.js'
import { registerServe } from './serve.js'
import { registerTicket } from './ticket.js'
import { registerVerify } from './verify.js'

const program = new Command('pulih')
  .description('Pulih: pengaduan from submission to contact updated, on business-day timers')
  .showHelpAfterError('(pulih <command> --help says more)')

registerServe(program, processIo)
registerDemo(program, processIo)
registerTicket(program, processIo)
registerVerify(program, processIo)
registerCalendar(program, processIo)
registerMigrate(program, processIo)

await program.parseAsync()
