import type { DevelopmentToken } from '../api/index.js'
import type { Config } from '../config.js'
import type { Pulih } from '../main.js'

/** D5: said wherever it shows. */
const onExamples = ({ engine: { reference } }: Pulih): boolean =>
  reference.offices().some((office) => reference.calendar(office.calendarId).spec.example)

/** What a start prints: where to look, and what to try first. */
export function welcome(
  pulih: Pulih,
  config: Config,
  tokens: readonly DevelopmentToken[],
  sample: string | undefined,
): readonly string[] {
  const database = config.databaseUrl === null ? `${config.dataDir} (SQLite)` : 'PostgreSQL'
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${pulih.port ?? config.port}`
  const tokenOf = (role: string) => tokens.find((it) => it.role === role)?.token ?? '<token>'
  const lines = [
    '',
    `Pulih is ready at ${url}`,
    `  data     ${database}, queue: ${pulih.queueKind}`,
    `  health   ${url}/readyz      API page  ${url}/docs`,
    ...(config.mailbox ? [`  mailbox  ${url}/mailbox  (what would be sent by mail and SMS)`] : []),
    ...(onExamples(pulih) ? ['  Operating hours are an example (contoh), not official ones.'] : []),
  ]
  if (tokens.length > 0) {
    lines.push('', 'Development tokens (kept in dev-tokens.json of the data folder; set PULIH_TOKENS to use your own):')
    for (const role of ['portal', 'agent', 'checker', 'supervisor'] as const)
      lines.push(`  ${role.padEnd(10)} ${tokenOf(role)}`)
  }
  lines.push(
    '',
    'Try it:',
    `  curl -s ${url}/v1/tickets -H 'Authorization: Bearer ${tokenOf('agent')}'`,
    ...(sample === undefined
      ? []
      : [`  curl -s ${url}/v1/tickets/${sample}/clocks -H 'Authorization: Bearer ${tokenOf('agent')}'`]),
    `  curl -s ${url}/v1/tickets -X POST -H 'Authorization: Bearer ${tokenOf('portal')}' -H 'Idempotency-Key: "first-try"' \\`,
    `    -H 'Content-Type: application/json' -d '{"type":"pengaduan","route":"layanan_digital","cause":"EMAIL_DAN_HP_HILANG","participantRef":"ps_contoh-1","declaration":true}'`,
    '',
    'Stop it with Ctrl-C.',
  )
  return lines
}

/** The same for a process without the API. */
export const workerWelcome = (pulih: Pulih): readonly string[] => [
  '',
  `Pulih works: timers, queues and deliveries on PostgreSQL, queue: ${pulih.queueKind}.`,
  ...(onExamples(pulih) ? ['Operating hours are an example (contoh), not official ones.'] : []),
  'Stop it with Ctrl-C.',
]
