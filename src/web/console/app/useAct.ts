import { useRef, useState } from 'react'
import { asProblem, newKey, type ApiProblem } from '../api/client.js'

export interface Act<In, Out> {
  readonly busy: boolean
  readonly problem: ApiProblem | null
  /** Undefined when it was refused; `problem` says why. */
  readonly run: (input: In) => Promise<Out | undefined>
  readonly forget: () => void
}

let acting = 0
/** Is anything that somebody did here still on its way? */
export const isActing = (): boolean => acting > 0

/**
 * Something that a person does once. It has a key of its own, which a repeat of the very same act keeps while it is not known whether the
 * first one arrived; a click while it runs does nothing.
 */
export function useAct<In, Out>(does: (input: In, key: string) => Promise<Out>): Act<In, Out> {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const open = useRef<{ said: string; key: string } | null>(null)
  const running = useRef(false)
  const run = async (input: In): Promise<Out | undefined> => {
    if (running.current) return undefined
    running.current = true
    acting += 1
    setBusy(true)
    setProblem(null)
    const said = JSON.stringify(input)
    if (open.current?.said !== said) open.current = { said, key: newKey() }
    try {
      const out = await does(input, open.current.key)
      open.current = null
      return out
    } catch (error) {
      const refused = asProblem(error)
      // A refusal is an answer; only what may have arrived unseen is the same act again.
      if (refused.status > 0 && refused.status < 500) open.current = null
      setProblem(refused)
      return undefined
    } finally {
      running.current = false
      acting -= 1
      setBusy(false)
    }
  }
  return { busy, problem, run, forget: () => setProblem(null) }
}
