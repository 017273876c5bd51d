import { Command } from 'commander'
import { registerAudit } from './audit.js'
import { registerBackup } from './backup.js'
import { registerCalendar } from './calendar.js'
import { registerDemo } from './demo.js'
import { registerDirectory } from './directory.js'
import { registerDoctor } from './doctor.js'
import { processIo } from './io.js'
import { registerKeys } from './keys.js'
import { registerMachine } from './machine.js'
import { registerMigrate } from './migrate.js'
import { registerPrivacy } from './privacy.js'
import { registerRestore } from './restore.js'
import { registerRetention } from './retention.js'
import { registerSample } from './sample.js'
import { registerServe } from './serve.js'
import { registerStaff } from './staff.js'
import { registerTicket } from './ticket.js'
import { registerVerify } from './verify.js'

const program = new Command('pulih')
  .description('Pulih: pengaduan from submission to contact updated, on business-day timers')
  .showHelpAfterError('(pulih <command> --help says more)')

registerServe(program, processIo)
registerSample(program, processIo)
registerDemo(program, processIo)
registerStaff(program, processIo)
registerTicket(program, processIo)
registerVerify(program, processIo)
registerAudit(program, processIo)
registerCalendar(program, processIo)
registerMachine(program, processIo)
registerMigrate(program, processIo)
registerDoctor(program, processIo)
registerDirectory(program, processIo)
registerBackup(program, processIo)
registerRestore(program, processIo)
registerKeys(program, processIo)
registerRetention(program, processIo)
registerPrivacy(program, processIo)

await program.parseAsync()
