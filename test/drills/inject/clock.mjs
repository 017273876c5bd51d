// Loaded into a server with --import: its clock is off by what the file DRILL_CLOCK says (ms), read again at SIGUSR2.
import { readFileSync } from 'node:fs'

const RealDate = globalThis.Date
const realNow = RealDate.now.bind(RealDate)
let offset = 0
const read = () => {
  offset = Number(readFileSync(process.env.DRILL_CLOCK, 'utf8'))
}
read()
process.on('SIGUSR2', read)

const now = () => realNow() + offset
globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, args, caller) => Reflect.construct(target, args.length === 0 ? [now()] : args, caller),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
})
RealDate.prototype.constructor = globalThis.Date
