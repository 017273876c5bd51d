import { box, useBox } from './store.js'

const said = box({ text: '', turn: 0 })

/** Said to whoever does not look (4.1.3): what was done, and what became of it. */
export const announce = (text: string): void => said.set({ text, turn: said.get().turn + 1 })

export function Announcements() {
  const { text, turn } = useBox(said)
  return (
    <div className="unseen" role="status" aria-live="polite" data-turn={turn}>
      {text}
    </div>
  )
}
