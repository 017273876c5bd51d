/** How long what is kept, in milliseconds (R-PDP-4). */
export interface RetentionPolicy {
  /** Personal data written under an id that was never filed: a draft lives for a day. */
  readonly orphans: number
  /** Codes that were sent, counted from when they were asked for: longer than any budget looks back. */
  readonly codes: number
  /** First answers of filing, which hold a token. */
  readonly replies: number
  /** Status tokens, after they expired. */
  readonly tokens: number
  /** Finished work. */
  readonly tasks: number
  /** The local mailbox that stands in for mail and SMS. */
  readonly mailbox: number
  /** Uploaded files as they came, after the ticket closed: as long as its decision can be disputed. */
  readonly originals: number
  /** Their pages, after the ticket closed. */
  readonly pages: number
  /** Identity and contacts, after the ticket closed; the ticket's record without them stays. */
  readonly person: number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
export const RETENTION: RetentionPolicy = {
  orphans: DAY,
  codes: DAY,
  replies: DAY,
  tokens: 7 * DAY,
  tasks: 7 * DAY,
  mailbox: 30 * DAY,
  originals: 30 * DAY,
  pages: 90 * DAY,
  person: 365 * DAY,
}
/** A budget of a day is counted from the codes of that day, and an answer is promised for as long. */
const AT_LEAST: Partial<RetentionPolicy> = { orphans: DAY, codes: DAY, replies: DAY }

/** `PULIH_RETENTION`: `name=number` with `h` or `d`, comma separated; what is not named keeps its default. */
export function readRetention(text: string): { retention: RetentionPolicy; faults: string[] } {
  const retention: Record<string, number> = { ...RETENTION }
  const faults: string[] = []
  for (const entry of text.split(',').map((it) => it.trim())) {
    if (entry === '') continue
    const [, name = '', amount, unit] = /^([a-z]+)=(\d{1,5})([hd])$/.exec(entry) ?? []
    const length = Number(amount) * (unit === 'h' ? HOUR : DAY)
    if (!Object.hasOwn(RETENTION, name))
      faults.push(`PULIH_RETENTION takes name=30d or name=24h; names: ${Object.keys(RETENTION).join(', ')}.`)
    else if (length < (AT_LEAST[name as keyof RetentionPolicy] ?? 0))
      faults.push(`PULIH_RETENTION keeps ${name} for too short: other rules look back that far.`)
    else retention[name] = length
  }
  if (
    (retention['person'] ?? 0) < (retention['pages'] ?? 0) ||
    (retention['pages'] ?? 0) < (retention['originals'] ?? 0)
  )
    faults.push('PULIH_RETENTION must keep originals no longer than pages, and pages no longer than the person.')
  return { retention: retention as unknown as RetentionPolicy, faults: [...new Set(faults)] }
}
