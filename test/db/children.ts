import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

export interface Child {
  readonly pid: number
  /** Next line it prints. */
  line(): Promise<string>
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

const ROOT = join(import.meta.dirname, '..', '..')

/** A process of this test's own; ended with it. */
function startChild(args: readonly string[]): Child {
  const child: ChildProcess = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const kill = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal)
    await exited
  }
  onTestFinished(() => kill('SIGKILL'))
  return {
    pid: child.pid!,
    async line() {
      const next = await lines.next()
      if (next.done === true) throw new Error('the child process ended')
      return next.value
    },
    kill,
  }
}

/** Opens the store, prints `open`, then files tickets one by one for ever and prints each number once it is acknowledged. */
export const startWriter = (dataDir: string, databaseUrl?: string, first = 1) =>
  startChild([
    '--import',
    'tsx',
    join(import.meta.dirname, 'writerProcess.ts'),
    dataDir,
    ...(databaseUrl === undefined ? [] : [databaseUrl, String(first)]),
  ])

/** Runs `sql` on a database file, prints `held`, and keeps the connection open. */
export const startHolder = (file: string, sql: string) =>
  startChild([
    '--input-type=module',
    '-e',
    `import Database from 'better-sqlite3'
     globalThis.db = new Database(process.argv[1]) // a connection nobody refers to is closed
     db.exec(process.argv[2])
     console.log('held')
     setInterval(() => {}, 1000)`,
    file,
    sql,
  ])
