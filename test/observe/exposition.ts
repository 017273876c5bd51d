/** One sample line: its name, its labels sorted and joined, its value. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
export interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: Sample[]
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
// Values are read as Go's ParseFloat reads them: prom-client writes `Nan`.
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"`
const SAMPLE = new RegExp(
  String.raw`^(${NAME})(?:\{(${LABEL}(?:,${LABEL})*)?\})? ([Nn]a[Nn]|[+-]?Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$`,
)

/**
 * Reads Prometheus' text format 0.0.4 strictly. Throws for a sample outside its family, a series that comes twice, a
 * family without HELP and TYPE or torn apart, a histogram whose buckets do not add up.
 */
export function readExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('does not end in a line feed')
  const families = new Map<string, Family>()
  const seen = new Set<string>()
  let help: { name: string; text: string } | null = null
  let family: Family | null = null
  for (const line of text.split('\n')) {
    if (line === '') continue
    const helped = new RegExp(`^# HELP (${NAME}) (.+)$`).exec(line)
    const typed = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary)$`).exec(line)
    if (helped !== null) help = { name: helped[1]!, text: helped[2]! }
    else if (typed !== null) {
      if (help?.name !== typed[1]) throw new Error(`TYPE without HELP: ${line}`)
      if (families.has(help!.name)) throw new Error(`family twice: ${line}`)
      family = { name: help!.name, type: typed[2]!, help: help!.text, samples: [] }
      families.set(family.name, family)
    } else {
      const sample = readSample(line)
      if (family === null || !belongs(sample.name, family)) throw new Error(`outside its family: ${line}`)
      const series = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`
      if (seen.has(series)) throw new Error(`series twice: ${line}`)
      seen.add(series)
      family.samples.push(sample)
    }
  }
  for (const it of families.values()) if (it.type === 'histogram') checkHistogram(it)
  return families
}

function readSample(line: string): Sample {
  const parts = SAMPLE.exec(line)
  if (parts === null) throw new Error(`not a sample: ${line}`)
  const labels: Record<string, string> = {}
  for (const [, name, value] of (parts[2] ?? '').matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)) {
    if (labels[name!] !== undefined) throw new Error(`label twice: ${line}`)
    labels[name!] = value!
  }
  return { name: parts[1]!, labels, value: Number(parts[3]!.replace('Inf', 'Infinity')) }
}

function belongs(name: string, { name: of, type }: Family): boolean {
  const suffixes =
    type === 'histogram' ? ['_bucket', '_sum', '_count'] : type === 'summary' ? ['', '_sum', '_count'] : ['']
  return suffixes.some((suffix) => name === of + suffix)
}

function checkHistogram({ name, samples }: Family): void {
  const groups = new Map<string, { buckets: Sample[]; count?: number; sum?: number }>()
  for (const sample of samples) {
    const { le, ...rest } = sample.labels
    const key = JSON.stringify(Object.entries(rest).sort())
    const group = groups.get(key) ?? { buckets: [] }
    groups.set(key, group)
    if (sample.name.endsWith('_bucket')) {
      if (le === undefined) throw new Error(`${name}: a bucket without le`)
      group.buckets.push(sample)
    } else if (sample.name.endsWith('_count')) group.count = sample.value
    else group.sum = sample.value
  }
  for (const { buckets, count, sum } of groups.values()) {
    const values = buckets.map((it) => it.value)
    const last = buckets.at(-1)
    if (last?.labels['le'] !== '+Inf' || last.value !== count || sum === undefined)
      throw new Error(`${name}: buckets, sum and count do not add up`)
    if (values.some((value, index) => index > 0 && value < values[index - 1]!)) throw new Error(`${name}: buckets fall`)
  }
}

/** The value of one series; undefined when there is none. */
export function valueOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''))
  return family?.samples.find(
    (it) => it.name === name && Object.entries(labels).every(([key, value]) => it.labels[key] === value),
  )?.value
}
