import { useId, type ReactNode } from 'react'
import { useWords } from '../../words/index.js'
import { Head } from '../Head.js'
import { AreaSign, LineSign, type Mark } from './marks.js'
import { chartWords } from './words.js'

export interface Series {
  readonly name: string
  readonly mark: Mark
  /** One a day. */
  readonly values: readonly number[]
}
type Cell = string | number
interface TableProps {
  readonly caption: string
  readonly columns: readonly string[]
  /** The first cell names the row. */
  readonly rows: readonly (readonly Cell[])[]
}

/** Numbers as a table; every row is named by its first cell. */
export const NumberTable = ({ caption, columns, rows }: TableProps) => (
  <div className="scroll" role="region" aria-label={caption} tabIndex={0}>
    <table className="numbers">
      <caption>{caption}</caption>
      <Head of={columns} />
      <tbody>
        {rows.map(([head, ...cells], at) => (
          <tr key={at}>
            <th scope="row">{head}</th>
            {cells.map((cell, index) => (
              <td key={index}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

interface Props {
  /** What the picture shows, in a sentence: it is the picture's name too. */
  readonly says: string
  readonly series: readonly Series[]
  readonly shape: 'area' | 'line'
  readonly table: TableProps
  readonly children: (labelledBy: string) => ReactNode
}

/** A chart: what it shows in a sentence, the picture, what its marks mean, and all of its numbers. */
export function Figure({ says, series, shape, table, children }: Props) {
  const t = useWords(chartWords)
  const id = useId()
  const Sign = shape === 'area' ? AreaSign : LineSign
  return (
    <figure className="chart">
      <figcaption id={id}>{says}</figcaption>
      {children(id)}
      <ul className="marks" aria-label={t.marks}>
        {series.map((it) => (
          <li key={it.name}>
            <Sign mark={it.mark} /> {it.name}
          </li>
        ))}
      </ul>
      <details>
        <summary>{t.numbers}</summary>
        <NumberTable {...table} />
      </details>
    </figure>
  )
}
