import { Command } from 'commander'
import type { CliIo } from '../../src/cli/io.js'

export interface Said {
  readonly out: readonly string[]
  readonly err: readonly string[]
  /** Both, in the order in which it was said. */
  readonly said: string
  readonly code: number
}

/** Runs a command in this process, of those that are registered: what it said, line by line, and how it ended. */
export async function command(
  registers: readonly ((program: Command, io: CliIo) => void)[],
  args: readonly string[],
): Promise<Said> {
  const [out, err, said]: [string[], string[], string[]] = [[], [], []]
  let code = 0
  const io: CliIo = {
    out: (line) => void (out.push(line), said.push(line)),
    err: (line) => void (err.push(line), said.push(line)),
    setExitCode: (it) => void (code = it),
  }
  const program = new Command().exitOverride()
  for (const register of registers) register(program, io)
  await program.parseAsync([...args], { from: 'user' })
  return { out, err, said: said.join('\n'), code }
}
