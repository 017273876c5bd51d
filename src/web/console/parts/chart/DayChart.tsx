import { useWords } from '../../words/index.js'
import { Figure, type Series } from './Figure.js'
import { fillOf } from './marks.js'
import { useNumbers } from './numbers.js'
import { chartWords } from './words.js'

const [WIDE, HIGH] = [600, 180]

interface Props {
  readonly title: string
  readonly says: string
  /** `YYYY-MM-DD`, without gaps. */
  readonly days: readonly string[]
  readonly series: readonly Series[]
  /** `bars`: one day's values on top of each other; `lines`: each by itself. */
  readonly shape: 'bars' | 'lines'
}

/** What happened day by day. The words stand beside the picture, so that they are readable at any width. */
export function DayChart({ title, says, days, series, shape }: Props) {
  const t = useWords(chartWords)
  const { count, day } = useNumbers()
  const tallest = shape === 'bars' ? days.map((_, at) => sum(series, at)) : series.flatMap((it) => it.values)
  const top = roundUp(Math.max(1, ...tallest))
  const table = {
    caption: title,
    columns: [t.day, ...series.map((it) => it.name)],
    rows: days.map((date, at) => [day(date), ...series.map((it) => count(it.values[at] ?? 0))]),
  }
  const middle = days[Math.floor((days.length - 1) / 2)]
  return (
    <Figure says={says} series={series} shape={shape === 'bars' ? 'area' : 'line'} table={table}>
      {(labelledBy) => (
        <div className="plot">
          <div className="plot-y" aria-hidden="true">
            <span>{count(top)}</span>
            <span>{count(top / 2)}</span>
            <span>0</span>
          </div>
          <svg viewBox={`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" role="img" aria-labelledby={labelledBy}>
            <path className="grid" d={`M0 .5H${WIDE}M0 ${HIGH / 2}H${WIDE}M0 ${HIGH - 0.5}H${WIDE}`} />
            {shape === 'bars' ? (
              <Bars days={days.length} series={series} top={top} />
            ) : (
              series.map((it) => <path key={it.name} className={`line-${it.mark}`} d={lineOf(it.values, top)} />)
            )}
          </svg>
          <div className="plot-x" aria-hidden="true">
            <span>{day(days[0] ?? '')}</span>
            {middle !== undefined && days.length > 4 && <span>{day(middle)}</span>}
            <span>{day(days.at(-1) ?? '')}</span>
          </div>
        </div>
      )}
    </Figure>
  )
}

function Bars({ days, series, top }: { days: number; series: readonly Series[]; top: number }) {
  const step = WIDE / Math.max(days, 1)
  return Array.from({ length: days }, (_, at) => {
    let base = HIGH
    return series.map(({ name, mark, values }) => {
      const high = ((values[at] ?? 0) / top) * HIGH
      base -= high
      if (high === 0) return null
      return (
        <rect
          key={`${name} ${at}`}
          {...{ x: step * (at + 0.12), y: base, width: step * 0.76, height: high, fill: fillOf(mark) }}
        />
      )
    })
  })
}

const sum = (series: readonly Series[], at: number): number => series.reduce((all, it) => all + (it.values[at] ?? 0), 0)

/** An even number that a scale may end with: 2, 4, 6, 10, 20, 40, 60, 100 … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 6, 10].map((it) => it * power).find((it) => it >= value && it % 2 === 0) ?? power * 10
}
const lineOf = (values: readonly number[], top: number): string =>
  values
    .map((value, at) => {
      const x = values.length === 1 ? WIDE / 2 : (at / (values.length - 1)) * WIDE
      return `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${(HIGH - (value / top) * HIGH).toFixed(1)}`
    })
    .join('')
