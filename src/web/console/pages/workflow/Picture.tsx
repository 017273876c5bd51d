import { useEffect, useRef } from 'react'

/** Names are read at this width, also where only a part of it is seen. */
const SMALLEST = '72rem'

interface Props {
  readonly svg: string
  readonly label: string
  /** Its width, by that of its frame; null: whole, and no smaller than names are read at. */
  readonly zoom: number | null
  readonly chosen: string
  readonly onChoose: (state: string) => void
}

/** Parsed as XML: what is no picture of ours is left out, and markup in it is never run. */
export function Picture({ svg, label, zoom, chosen, onChoose }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement
    if (root.localName !== 'svg') return
    frame.current?.replaceChildren(document.importNode(root, true))
  }, [svg])
  useEffect(() => {
    const picture = frame.current?.querySelector<SVGElement>('svg')
    if (picture != null) {
      picture.style.width = `${(zoom ?? 1) * 100}%`
      picture.style.minWidth = zoom === null ? SMALLEST : ''
    }
    // A case may be far to the right: show where it is.
    frame.current?.querySelector('.wf-now')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [svg, zoom])
  useEffect(() => {
    for (const it of frame.current?.querySelectorAll<SVGElement>('.wf-line, .wf-state, .wf-any') ?? []) {
      const { from, to, state } = it.dataset
      it.classList.toggle('wf-chosen', chosen !== '' && [from, to, state].includes(chosen))
    }
  }, [svg, chosen])
  return (
    <div
      className={chosen === '' ? 'wf-frame-box' : 'wf-frame-box picked'}
      {...{ ref: frame, role: 'region', 'aria-label': label, tabIndex: 0 }}
      onClick={({ target }) => {
        const box = target instanceof Element ? target.closest('.wf-state, .wf-any') : null
        const state = box?.getAttribute('data-state') ?? ''
        onChoose(state === chosen ? '' : state)
      }}
    />
  )
}
