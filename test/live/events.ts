/** One event of a stream. */
export interface Told {
  readonly event: string
  readonly id: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they were told freely
  readonly data: any
}

/** A stream of server-sent events over real HTTP. */
export async function watch(url: string, headers: Readonly<Record<string, string>> = {}) {
  const cut = new AbortController()
  const response = await fetch(url, { headers, signal: cut.signal })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const waiting: Told[] = []
  let text = ''
  let comments = 0
  let ended = false
  async function more(): Promise<void> {
    const { value, done } = await reader.read()
    ended = done
    text += value ?? ''
    for (let at = text.indexOf('\n\n'); at !== -1; at = text.indexOf('\n\n')) {
      const lines = text.slice(0, at).split('\n')
      text = text.slice(at + 2)
      const field = (name: string) => lines.find((it) => it.startsWith(`${name}: `))?.slice(name.length + 2)
      if (lines[0]?.startsWith(':') === true) comments += 1
      if (field('event') !== undefined)
        waiting.push({ event: field('event')!, id: field('id') ?? '', data: JSON.parse(field('data') ?? 'null') })
    }
  }
  return {
    response,
    /** The next event; waits for it. Throws when the stream ended. */
    async next(): Promise<Told> {
      while (waiting.length === 0 && !ended) await more()
      const told = waiting.shift()
      if (told === undefined) throw new Error('the stream has ended')
      return told
    },
    /** The next sign of life. */
    async beat(): Promise<void> {
      const before = comments
      while (comments === before) await more()
    },
    async ended(): Promise<boolean> {
      while (!ended) await more()
      return waiting.length === 0
    },
    close(): void {
      cut.abort()
    },
  }
}
