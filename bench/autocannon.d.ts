/** What the HTTP bench uses of autocannon, which brings no types. */
declare module 'autocannon' {
  interface Request {
    readonly method: 'POST'
    readonly path?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body: string
    readonly setupRequest?: (request: object, context: Record<string, string>) => object
    readonly onResponse?: (
      status: number,
      body: string,
      context: Record<string, string>,
      headers: Readonly<Record<string, string>>,
    ) => void
  }
  interface Options {
    readonly url: string
    readonly connections: number
    readonly duration: number
    readonly requests: readonly Request[]
  }
  interface Result {
    readonly errors: number
    readonly non2xx: number
    readonly '2xx': number
    /** Seconds. */
    readonly duration: number
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number; readonly max: number }
  }
  export default function autocannon(options: Options): Promise<Result>
}
