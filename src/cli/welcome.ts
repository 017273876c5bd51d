import type { DevelopmentToken } from '../api/index.js'
import type { DemonstrationOfficer } from '../staff/identity/index.js'
import type { Config } from '../config.js'
import { SYNTHETIC_SEED, syntheticPeople } from '../directory/index.js'
import { PRIVACY_NOTICE } from '../intake/notice.js'
import type { Pulih } from '../main.js'

/** D5: said wherever it shows. */
const onExamples = ({ engine: { reference } }: Pulih): boolean =>
  reference.offices().some((office) => reference.calendar(office.calendarId).spec.example)

/** Processes that share a database share its keys; on other machines they would make their own. */
const sharedKeys = ({ databaseUrl, keys }: Config): readonly string[] =>
  databaseUrl === null || keys !== null
    ? []
    : ['  keys     keys.json of the data folder: processes on other machines need the same, best by PULIH_KEYS']

/** What a start prints: where to look, and what to try first. */
export function welcome(
  pulih: Pulih,
  config: Config,
  {
    tokens,
    officers,
  }: { readonly tokens: readonly DevelopmentToken[]; readonly officers: readonly DemonstrationOfficer[] },
  sample: string | undefined,
): readonly string[] {
  const database = config.databaseUrl === null ? `${config.dataDir} (SQLite)` : 'PostgreSQL'
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${pulih.port ?? config.port}`
  const tokenOf = (role: string) => tokens.find((it) => it.role === role)?.token ?? '<token>'
  const lines = [
    '',
    `Pulih is ready at ${url}`,
    `  data     ${database}, queue: ${pulih.queueKind}`,
    `  pages    ${url}/  (participants; English under /en)`,
    ...(pulih.hasConsole ? [`  officers ${url}/petugas  (their console)`] : []),
    `  health   ${url}/readyz      API page  ${url}/docs`,
    ...(config.mailbox ? [`  mailbox  ${url}/mailbox  (what would be sent by mail and SMS)`] : []),
    ...sharedKeys(config),
    ...(onExamples(pulih) ? ['  Operating hours are an example (contoh), not official ones.'] : []),
  ]
  if (tokens.length > 0) {
    lines.push('', 'Development tokens (kept in dev-tokens.json of the data folder; set PULIH_TOKENS to use your own):')
    for (const role of ['portal', 'agent', 'checker', 'supervisor'] as const)
      lines.push(`  ${role.padEnd(10)} ${tokenOf(role)}`)
  }
  if (officers.length > 0) {
    lines.push(
      '',
      'Demonstration officers (dev-staff.json of the data folder; `npx pulih staff code NAME` is their authenticator):',
    )
    for (const { username, password } of officers) lines.push(`  ${username.padEnd(10)} ${password}`)
  }
  if (!config.production && config.upstreams === null) lines.push('', ...journey(url))
  lines.push(
    '',
    'As an officer:',
    ...(pulih.hasConsole && officers.length > 0
      ? [
          `  # sign in at ${url}/petugas as one of the demonstration officers above; the code it asks for then is given by`,
          `  npx pulih staff code ${officers[0]?.username ?? 'NAME'}`,
          '  # the same by the API, with a development token',
        ]
      : []),
    `  curl -s ${url}/v1/tickets -H 'Authorization: Bearer ${tokenOf('agent')}'`,
    ...(sample === undefined
      ? []
      : [`  curl -s ${url}/v1/tickets/${sample}/clocks -H 'Authorization: Bearer ${tokenOf('agent')}'`]),
    '',
    'Stop it with Ctrl-C.',
  )
  return lines
}

/** A newcomer's first complaint, for somebody of the embedded directory who lost both contacts; whoever they are is made up. */
function journey(url: string): readonly string[] {
  const people = syntheticPeople(SYNTHETIC_SEED, 200, 0)
  // Pasted into a shell: a name with an apostrophe would end its quotes.
  const lost = people.find(({ kind, participant }) => kind === 'contactsLost' && !participant.name.includes("'"))
  const { name = '', nik = '', birthDate = '' } = lost?.participant ?? {}
  const body = {
    identity: { name, nik, birthDate },
    contacts: { email: 'baru@surat.example.org', phone: '0812 0000 0001' },
    cause: 'EMAIL_DAN_HP_HILANG',
    declaration: true,
    noticeVersion: PRIVACY_NOTICE.version,
  }
  const json = "-H 'Content-Type: application/json'"
  const mine = '-H "Authorization: Bearer $TOKEN"'
  const verify = (channel: string) =>
    `  curl -s ${url}/v1/pengaduan/codes/verification ${mine} ${json} -d '{"channel":"${channel}","code":"000000"}'`
  return [
    'Try it: file a complaint as a participant, prove both contacts, send the KTP, read the status (paste line by line):',
    `  TOKEN=$(curl -s ${url}/v1/pengaduan -H "Idempotency-Key: \\"$(date +%s)\\"" ${json} \\`,
    `    -d '${JSON.stringify(body)}' \\`,
    `    | sed 's/.*"statusToken":"\\([^"]*\\)".*/\\1/')`,
    `  # both codes are at ${url}/mailbox: put them in for 000000`,
    verify('email'),
    verify('phone'),
    `  npx pulih sample ktp --out ktp.jpg && curl -s ${url}/v1/pengaduan/documents ${mine} -F kind=KTP -F file=@ktp.jpg`,
    `  curl -s ${url}/v1/pengaduan ${mine}`,
  ]
}

/** The same for a process without the API. */
export const workerWelcome = (pulih: Pulih, config: Config): readonly string[] => [
  '',
  `Pulih works: timers, queues and deliveries on PostgreSQL, queue: ${pulih.queueKind}.`,
  config.sinkUrl === null
    ? '  No SINK_URL here: what tickets without a person send stays in the local mailbox, whatever other processes are told.'
    : '  What tickets without a person send goes to SINK_URL.',
  ...sharedKeys(config),
  ...(onExamples(pulih) ? ['Operating hours are an example (contoh), not official ones.'] : []),
  'Stop it with Ctrl-C.',
]
