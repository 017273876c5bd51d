import { useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { asProblem, post, type ApiProblem } from '../../api/client.js'
import { ticketPath } from '../../api/queries.js'
import type { Accepted } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { useAct } from '../../app/useAct.js'
import { useSay, useWords } from '../../words/index.js'
import { decisionWords } from './decisionWords.js'
import type { Reading } from './seen.js'

interface Act {
  readonly type: string
  readonly path: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly version: number
}
export interface Sender {
  readonly busy: boolean
  /** True when it was accepted. */
  readonly send: (type: string, payload?: Readonly<Record<string, unknown>>) => Promise<boolean>
  /** The same for what is several events at once and has a route of its own. */
  readonly refer: (payload: Readonly<Record<string, unknown>>) => Promise<boolean>
  /** What became of this event, when it was refused for another reason than that the case has changed. */
  readonly problemOf: (type: string) => ApiProblem | null
  /** The case changed between reading and sending: 412. */
  readonly conflict: boolean
  readonly settle: () => Promise<void>
  /** What was last accepted. */
  readonly done: Accepted | null
  readonly forget: () => void
}

const EVENTS = '/events'
/** Under which name a refusal of `refer` is asked for. */
export const MISMATCH = 'mismatch'

/** Sends events on the version that the person has read, never on a newer one. */
export function useSender({ ticket, seen, own, catchUp }: Reading): Sender {
  const t = useWords(decisionWords)
  const say = useSay()
  const client = useQueryClient()
  const [last, setLast] = useState('')
  const [done, setDone] = useState<Accepted | null>(null)
  const answered = useRef(true)
  const act = useAct(async ({ type, path, payload, version }: Act, key: string) => {
    const body = path === EVENTS ? { type, ...payload } : payload
    answered.current = true
    try {
      return await post<Accepted>(ticketPath(ticket.ticketId, path), { key, version, body })
    } catch (error) {
      answered.current = asProblem(error).status > 0
      throw error
    }
  })
  const conflict = act.problem?.code === 'VERSION_STALE'
  const run = async (type: string, path: string, payload: Act['payload']): Promise<boolean> => {
    setLast(type)
    setDone(null)
    const accepted = await act.run({ type, path, payload, version: seen.version })
    if (accepted === undefined) {
      // What was not answered may have arrived: the same act is sent again before anything is looked at anew.
      if (answered.current) await client.invalidateQueries({ queryKey: ['ticket', ticket.ticketId] })
      return false
    }
    setDone(accepted)
    announce(t.done(accepted.facts.map((it) => say(it.label)).join(', ')))
    void client.invalidateQueries({ queryKey: ['worklist'] })
    await own(accepted)
    return true
  }
  return {
    busy: act.busy,
    conflict,
    done,
    send: (type, payload = {}) => run(type, EVENTS, payload),
    refer: (payload) => run(MISMATCH, '/mismatch', payload),
    problemOf: (type) => (type === last && !conflict ? act.problem : null),
    settle: async () => {
      await catchUp()
      act.forget()
    },
    forget: act.forget,
  }
}
