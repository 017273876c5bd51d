import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ask } from './ask.js'

const BIN = fileURLToPath(new URL('../../bin/pulih.js', import.meta.url))
/** A busy machine takes its time; a server that never becomes ready is found all the same. */
const READY_LIMIT_MS = 180_000
const KEPT_OUTPUT = 20_000

export const ACTORS = {
  portal: { role: 'portal', id: 'drill-portal' },
  agent: { role: 'agent', id: 'drill-agent' },
  checker: { role: 'checker', id: 'drill-checker' },
  supervisor: { role: 'supervisor', id: 'drill-supervisor' },
} as const
export type ActorName = keyof typeof ACTORS

export const tokenOf = (actor: ActorName): string => `drill-token-of-the-${actor}`
const TOKENS = (Object.keys(ACTORS) as ActorName[])
  .map((name) => `${ACTORS[name].role}:${ACTORS[name].id}:${tokenOf(name)}`)
  .join(',')

/** Runs a command of `pulih` to its end. */
export async function pulih(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [BIN, ...args], { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

/** Nothing of the caller's environment but what finds programs: no setting of this machine changes the outcome. */
const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  TZ: 'UTC',
  LOG_LEVEL: 'warn',
  PULIH_TOKENS: TOKENS,
  ...env,
})

/** Everything in one process, or its two halves. */
export type Command = 'serve' | 'api' | 'work'
export interface ServerOptions {
  readonly dataDir: string
  readonly port: number
  readonly env?: Readonly<Record<string, string>>
  readonly command?: Command
  /** Modules of `inject/` that node loads before the program. */
  readonly inject?: readonly string[]
}
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const argumentsOf = ({ dataDir, port, command = 'serve', inject = [] }: ServerOptions): string[] => [
  ...inject.flatMap((name) => ['--import', new URL(`inject/${name}.mjs`, import.meta.url).href]),
  BIN,
  command,
  ...(command === 'work' ? [] : ['--port', String(port), '--data', dataDir]),
]

/** A real `pulih serve`, `api` or `work`, run by node itself, so that a signal reaches the server and not a wrapper. */
export class Server {
  readonly url: string
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #ready: Promise<void>
  #output = ''
  #end: Ended | null = null

  readonly #listens: boolean

  constructor(options: ServerOptions) {
    const { port, env = {}, command } = options
    this.url = `http://127.0.0.1:${port}`
    this.#listens = command !== 'work'
    this.#child = spawn(process.execPath, argumentsOf(options), {
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.ended = once(this.#child, 'close').then((end) => {
      const [code, signal] = end as [number | null, NodeJS.Signals | null]
      return (this.#end = { code, signal })
    })
    const spoken = new Promise<void>((resolve) => {
      const hear = (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT)
        if (/Pulih (is ready at|works)/.test(this.#output)) resolve()
      }
      this.#child.stdout!.on('data', hear)
      this.#child.stderr!.on('data', hear)
    })
    this.#ready = Promise.race([spoken, this.#gone(), late()])
    this.#ready.catch(() => undefined)
  }

  get pid(): number {
    return this.#child.pid!
  }
  /** What it said last. */
  get output(): string {
    return this.#output
  }
  get end(): Ended | null {
    return this.#end
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Resolves when `/readyz` answers 200 (where there is one); rejects when the process ends before, with what it said. */
  async ready(): Promise<void> {
    await this.#ready
    if (!this.#listens) return
    const { status, body } = await ask(`${this.url}/readyz`)
    if (status !== 200) throw new Error(`/readyz answered ${status}: ${JSON.stringify(body)}`)
  }

  /** `kill -9`. False when the process had ended by itself. */
  async kill(): Promise<boolean> {
    if (this.#end !== null) return false
    this.#child.kill('SIGKILL')
    return (await this.ended).signal === 'SIGKILL'
  }

  /** SIGTERM, and how it ended. */
  async stop(): Promise<Ended> {
    if (this.#end === null) this.#child.kill('SIGTERM')
    return this.ended
  }

  async #gone(): Promise<never> {
    const { code, signal } = await this.ended
    throw new Error(`the server ended before it was ready (code ${code}, signal ${signal}):\n${this.#output}`)
  }
}

async function late(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, READY_LIMIT_MS).unref())
  throw new Error(`the server was not ready after ${READY_LIMIT_MS} ms`)
}
