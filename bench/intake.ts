import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { loadConfig } from '../src/config.js'
import { seedDirectory, SYNTHETIC_SEED, syntheticPeople } from '../src/directory/index.js'
import { PRIVACY_NOTICE } from '../src/intake/notice.js'
import { startPulih, type Pulih } from '../src/main.js'
import { median } from './median.js'
import type { Target } from './targets.js'

const PAIRS = 200
const WARM_PAIRS = 100
const IN_FLIGHT = 32
const PEOPLE = 5_000

export interface IntakeBench {
  readonly rounds: number
  readonly pairsARound: number
  /** Medians of each round, ms. */
  readonly knownMs: readonly number[]
  readonly unknownMs: readonly number[]
  /** How far the medians of a round lie apart, percent of the smaller; the median over the rounds. */
  readonly apartPercent: number
  readonly filingsPerSecond: number
  readonly targets: readonly Target[]
}

/** Whom a filing is for. */
interface Somebody {
  readonly nik: string
  readonly birthDate: string
}

/**
 * A01 by the clock: a whole Pulih in this process, its jobs matching behind the requests, filings one after the other over HTTP. Of each pair
 * one is for a NIK of the directory and one for a NIK that nobody has, in turn first; nothing else differs.
 */
export async function benchIntake({ rounds, seconds }: { rounds: number; seconds: number }): Promise<IntakeBench> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pulih-bench-intake-'))
  const config = loadConfig({ LOG_LEVEL: 'error', PULIH_LIMITS: NO_LIMITS }, { data: dataDir, port: 0 })
  const pulih = await startPulih(config)
  try {
    const { vault } = pulih.services
    const clock = { now: () => pulih.engine.clock.now() }
    await seedDirectory({ store: pulih.store.intake.directory, vault, clock }, { size: PEOPLE })
    const pairs = pairsOf(clock.now())
    await measure(pulih, pairs, WARM_PAIRS)
    const measured = []
    for (let round = 0; round < rounds; round++) measured.push(await measure(pulih, pairs, PAIRS))
    const apart = measured.map(({ known, unknown }) => (Math.max(known, unknown) / Math.min(known, unknown) - 1) * 100)
    const apartPercent = rounded(median(apart))
    const filingsPerSecond = Math.round(await throughput(pulih, pairs, seconds))
    return {
      rounds,
      pairsARound: PAIRS,
      knownMs: measured.map((it) => rounded(it.known)),
      unknownMs: measured.map((it) => rounded(it.unknown)),
      apartPercent,
      filingsPerSecond,
      targets: [{ what: 'known against unknown NIK, percent apart', reached: apartPercent, below: 5 }],
    }
  } finally {
    await pulih.stop()
    rmSync(dataDir, { recursive: true })
  }
}

/** The bench is one address with many phones: what guards against that is not what is measured. */
const NO_LIMITS = ['filingsPerIpHour', 'codeRequestsPerIpHour', 'smsPerHour', 'codesPerNikDay']
  .map((name) => `${name}=99999999`)
  .join(',')
const rounded = (ms: number): number => Math.round(ms * 100) / 100

interface Pair {
  readonly known: Somebody
  readonly unknown: Somebody
}
/** Endless: people of the directory, each beside somebody who differs in the serial number alone. */
function* pairsOf(now: number): Generator<Pair, never> {
  const people = syntheticPeople(SYNTHETIC_SEED, PEOPLE, now).map((it) => it.participant)
  for (let n = 0; ; n++) {
    const { nik, birthDate } = people[n % people.length] ?? { nik: '', birthDate: '' }
    const serial = PEOPLE + 1 + (n % (9_999 - PEOPLE))
    yield { known: { nik, birthDate }, unknown: { nik: `${nik.slice(0, 12)}${serial}`, birthDate } }
  }
}

async function measure(
  pulih: Pulih,
  pairs: Iterator<Pair, never>,
  count: number,
): Promise<{ known: number; unknown: number }> {
  const known: number[] = []
  const unknown: number[] = []
  for (let n = 0; n < count; n++) {
    const pair = pairs.next().value
    const timeOf = async (kind: 'known' | 'unknown', into: number[]) => into.push(await file(pulih, pair[kind]))
    if (n % 2 === 0) await timeOf('known', known)
    await timeOf('unknown', unknown)
    if (n % 2 === 1) await timeOf('known', known)
  }
  return { known: median(known), unknown: median(unknown) }
}

async function throughput(pulih: Pulih, pairs: Iterator<Pair, never>, seconds: number): Promise<number> {
  const startedAt = performance.now()
  const until = startedAt + seconds * 1_000
  let filings = 0
  const client = async () => {
    while (performance.now() < until) {
      await file(pulih, pairs.next().value.known)
      filings++
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, client))
  return (filings * 1_000) / (performance.now() - startedAt)
}

let filed = 0
/** Files once; gives how long the answer took, ms. */
async function file({ port }: Pulih, { nik, birthDate }: Somebody): Promise<number> {
  const n = ++filed
  const body = JSON.stringify({
    identity: { name: 'Siti Rahmawati', nik, birthDate },
    contacts: { email: `peserta.${n}@surat.example.org`, phone: `0812${String(n).padStart(8, '0')}` },
    cause: 'EMAIL_DAN_HP_HILANG',
    declaration: true,
    noticeVersion: PRIVACY_NOTICE.version,
  })
  const headers = { 'content-type': 'application/json', 'idempotency-key': `"bench-${n}"` }
  const startedAt = performance.now()
  const response = await fetch(`http://127.0.0.1:${port}/v1/pengaduan`, { method: 'POST', headers, body })
  const text = await response.text()
  if (response.status !== 202) throw new Error(`a filing was answered with ${response.status}: ${text}`)
  return performance.now() - startedAt
}
