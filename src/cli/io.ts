import { CalendarError } from '../calendar/index.js'
import { PulihError } from '../engine/index.js'

/** Where a command writes and how it ends; tests hand in their own. */
export interface CliIo {
  out(line: string): void
  err(line: string): void
  setExitCode(code: number): void
}

export const processIo: CliIo = {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  setExitCode: (code) => {
    process.exitCode = code
  },
}

/** Says what went wrong in one line with its stable code; a fault that nobody foresaw shows its stack. */
export function reportError(error: unknown, io: CliIo): void {
  if (error instanceof PulihError || error instanceof CalendarError) {
    io.err(`pulih: ${error.message} (${error.code})`)
    const allowed = error instanceof PulihError ? error.extra['allowed'] : undefined
    if (Array.isArray(allowed)) io.err(`       possible now: ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}`)
    const errors = error instanceof PulihError ? error.extra['errors'] : undefined
    if (Array.isArray(errors))
      for (const { pointer, code, message } of errors as { pointer: string; code: string; message?: unknown }[])
        io.err(`       ${pointer}: ${typeof message === 'string' ? message : code}`)
  } else io.err(`pulih: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  io.setExitCode(1)
}

/** Runs a command's body and reports what it throws. */
export const guarded =
  <A extends unknown[]>(io: CliIo, body: (...args: A) => Promise<void> | void) =>
  async (...args: A): Promise<void> => {
    try {
      await body(...args)
    } catch (error) {
      reportError(error, io)
    }
  }
