import { useId } from 'react'
import { Head } from '../Head.js'
import { fillOf, type Mark } from './marks.js'

export interface Bar {
  readonly value: number
  readonly text: string
  readonly mark?: Mark
}
interface Props {
  readonly title: string
  readonly says: string
  readonly head: string
  readonly columns: readonly string[]
  /** Columns that are shares: their bars are parts of a whole, not of the longest. */
  readonly shares?: readonly string[]
  /** All columns measure the same and are drawn to one scale; else each has its own. */
  readonly together?: boolean
  readonly rows: readonly { readonly key: string; readonly label: string; readonly bars: readonly Bar[] }[]
}

/** A table whose numbers are drawn: chart and data in one. */
export function BarTable({ title, says, head, columns, rows, shares = [], together = false }: Props) {
  const id = useId()
  const longest = columns.map((name, at) =>
    shares.includes(name) ? 1 : Math.max(0, ...rows.map((it) => it.bars[at]?.value ?? 0)),
  )
  const tops = together ? columns.map(() => Math.max(0, ...longest)) : longest
  return (
    <figure className="chart">
      <figcaption id={id}>{says}</figcaption>
      <div className="scroll" role="region" aria-label={title} tabIndex={0}>
        <table className={`bars columns-${columns.length}`} aria-describedby={id}>
          <caption className="unseen">{title}</caption>
          <Head of={[head, ...columns]} />
          <tbody>
            {rows.map(({ key, label, bars }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                {bars.map(({ value, text, mark = 'a' }, at) => (
                  <td key={columns[at]}>
                    <span className="amount">{text}</span>
                    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                      <rect width={tops[at] ? (value / tops[at]) * 100 : 0} height="10" fill={fillOf(mark)} />
                    </svg>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
