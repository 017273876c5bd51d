import { z } from 'zod'

/** How often something may happen; `source` is the requirement that asks for it, or says that the number is our proposal. */
interface Limit {
  readonly value: number
  readonly source: string
}
const limit = (value: number, source: string): Limit => ({ value, source })
const PROPOSED = 'proposal'

/** Every number that bounds codes, requests and cases. `PULIH_LIMITS` may set each (`smsPerHour=500,…`); none is a constant of the code. */
export const DEFAULTS = {
  codeMinutes: limit(10, 'R-NIST-2'),
  codeTries: limit(5, 'R-NIST-2'),
  codesPerAddressMinute: limit(1, 'R-OTP-7'),
  codesPerAddressHour: limit(3, 'R-OTP-7'),
  codesPerAddressDay: limit(5, 'R-OTP-7'),
  codesKeptForFirst: limit(2, 'proposal: docs/adr/0016'),
  codesPerCaseDay: limit(6, 'R-OTP-7'),
  codesPerNikDay: limit(20, PROPOSED),
  codesPerDeviceDay: limit(30, PROPOSED),
  accessCodesPerAddressDay: limit(3, 'proposal: docs/adr/0016'),
  accessCodesKeptForDevice: limit(1, 'proposal: docs/adr/0016'),
  accessCodesPerCaseDay: limit(4, 'proposal: docs/adr/0016'),
  smsPerHour: limit(1_000, 'R-OTP-7, number proposed'),
  smsPercentForProven: limit(40, 'proposal: docs/adr/0016'),
  smsPercentForDesk: limit(10, 'proposal: docs/adr/0016'),
  filingsPerIpHour: limit(100, 'R-RL, section 1.6'),
  codeRequestsPerIpHour: limit(300, PROPOSED),
  accessPerIpHour: limit(30, PROPOSED),
  accessPerHour: limit(20_000, PROPOSED),
  uploadsPerIpHour: limit(300, PROPOSED),
  uploadsPerTicketHour: limit(60, PROPOSED),
  objectionsPerIpHour: limit(300, PROPOSED),
  networksPerSite: limit(10, PROPOSED),
  resendsPerTicketDay: limit(5, PROPOSED),
  approvalsPerPairDay: limit(40, 'R-4E-5, number proposed'),
  reviewPercent: limit(5, 'R-4E-5'),
  sensitiveDays: limit(7, 'R-HOLD-5'),
  casesPerDeviceDay: limit(3, 'A49, number proposed'),
  casesPerNikMonth: limit(1, 'R-RISK-1'),
  revealsPerHour: limit(20, 'A42, number proposed'),
  casesOpenedPerHour: limit(60, 'R-PDP-7, number proposed'),
  unassignedOpenedPerHour: limit(20, 'R-PDP-7, number proposed'),
  stepUpMinutes: limit(10, PROPOSED),
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof DEFAULTS
export type Limits = Readonly<Record<LimitName, number>>

const isLimit = (name: string): name is LimitName => Object.hasOwn(DEFAULTS, name)
export const LIMIT_NAMES = Object.keys(DEFAULTS).filter(isLimit)
const defaults = (): Record<LimitName, number> =>
  Object.fromEntries(LIMIT_NAMES.map((name) => [name, DEFAULTS[name].value])) as Record<LimitName, number>

const Entry = z
  .string()
  .regex(/^[A-Za-z]{1,64}=\d{1,9}$/)
  .transform((text) => text.split('=') as [string, string])

/** `name=number,…` over the defaults; a number is at least 1. Faults name the entry by its place, values are not repeated. */
export function readLimits(text = ''): { limits: Limits; faults: string[] } {
  const limits = defaults()
  const faults: string[] = []
  const entries = text.split(',').map((it) => it.trim())
  for (const [index, entry] of entries.entries()) {
    if (entry === '') continue
    const parsed = Entry.safeParse(entry)
    const [name = '', number = '0'] = parsed.success ? parsed.data : []
    if (!isLimit(name) || Number(number) < 1)
      faults.push(
        `PULIH_LIMITS entry ${index + 1} must be name=number with a number from 1 and one of: ${LIMIT_NAMES.join(', ')}.`,
      )
    else limits[name] = Number(number)
  }
  return { limits, faults }
}
