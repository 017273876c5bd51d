import type { Command } from 'commander'
import { systemClock } from '../engine/index.js'
import { guarded, type CliIo } from './io.js'
import { serving } from './open.js'

interface KeysOptions {
  readonly data?: string
  readonly json?: boolean
}
const PROGRESS_EVERY_MS = 2_000

/** Adds `keys` to the program: which keys personal data stand under, and moving them under the newest. */
export function registerKeys(program: Command, io: CliIo): void {
  const keys = program.command('keys').description('the keys that personal data are sealed under (docs/privacy.md)')
  const add = (name: string, description: string, action: (options: KeysOptions, io: CliIo) => Promise<void>) =>
    keys
      .command(name)
      .description(description)
      .option('--data <dir>', 'data folder (PULIH_DATA, default .pulih)')
      .option('--json', 'prints one JSON document')
      .action(guarded(io, (options: KeysOptions) => action(options, io)))
  add('status', 'says how much stands under which key; exit code 1 when a key is missing', status)
  add(
    'rotate',
    'brings everything under the first keys of PULIH_KEYS and PULIH_INDEX_KEYS; may be cut off and repeated',
    turn,
  )
}

async function status({ data, json }: KeysOptions, io: CliIo): Promise<void> {
  const use = await serving(data, { readOnly: true }, ({ services }) => services.care.ring())
  if (json === true) io.out(JSON.stringify(use, null, 2))
  else {
    for (const { keyId, tickets } of use.wrapping) io.out(`wrapping ${keyId.padEnd(16)} ${tickets} tickets`)
    for (const { keyId, rows } of use.index) io.out(`index    ${keyId.padEnd(16)} ${rows} rows`)
    for (const keyId of use.missing)
      io.out(`MISSING  ${keyId.padEnd(16)} data stand under it, and it is not in PULIH_KEYS`)
    if (use.lost > 0)
      io.out(`MISSING  ${use.lost} tickets are found only by index keys that are not in PULIH_INDEX_KEYS`)
  }
  if (use.missing.length > 0 || use.lost > 0) io.setExitCode(1)
}

async function turn({ data, json }: KeysOptions, io: CliIo): Promise<void> {
  let shownAt = systemClock.now()
  const done = await serving(data, {}, ({ services }) =>
    services.care.rotate((sofar) => {
      if (systemClock.now() - shownAt < PROGRESS_EVERY_MS) return
      shownAt = systemClock.now()
      io.err(`keys: ${sofar.rewrapped} keys, ${sofar.resealed} values, ${sofar.indexed} index rows …`)
    }),
  )
  if (json === true) io.out(JSON.stringify(done, null, 2))
  else
    io.out(
      `rotated: ${done.rewrapped} tickets' keys wrapped anew, ${done.resealed} values sealed anew, ${done.indexed} index rows added, ${done.dropped} of former keys removed`,
    )
}
