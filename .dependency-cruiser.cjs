// Who may import whom (ARCHITECTURE.md, "The rooms"). A room that is not named in a rule is free.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
})
const pkg = (...names) => names.map((n) => `node_modules/${n}/`)
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'not-to-dev-dep',
      comment: 'What the console is built from is in its bundle and needed by nobody at run time.',
      severity: 'error',
      from: { path: '^(src|db)/', pathNot: '^src/web/console/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    only(
      'calendar-is-pure',
      '^src/calendar/',
      ['^src/calendar/', ...pkg('zod', 'temporal-polyfill')],
      'No I/O, no clock, no node:* in business time.',
    ),
    only(
      'machines-are-pure',
      '^src/machines/',
      ['^src/(machines|calendar)/', ...pkg('zod', 'xstate')],
      'A ticket type is a pure statechart.',
    ),
    only(
      'examples-write-types',
      '^examples/',
      ['^src/machines/author'],
      'An example imports what every author does, from one place.',
    ),
    only(
      'db',
      '^db/',
      [
        '^db/',
        '^src/(machines|calendar|engine/types|engine/clock|engine/errors)',
        ...pkg('drizzle-orm', 'better-sqlite3', 'pg'),
        '^(node:)?[a-z/_]+$',
      ],
      'The store knows drivers and shapes only.',
    ),
    only(
      'live',
      '^src/live/',
      ['^src/(live/|engine/(errors|clock|types)|logging)', '^db/types', '^(node:)?[a-z/_]+$'],
      'Tells that something changed; knows neither HTTP routes nor who asks.',
    ),
    only(
      'engine',
      '^src/engine/',
      ['^src/(engine|machines|calendar)/', '^db/', ...pkg('zod', 'xstate', 'uuid'), '^(node:)?[a-z/_]+$'],
      'machines, calendar, store, clock, errors.',
    ),
    {
      name: 'ports-stand-alone',
      severity: 'error',
      from: { path: '^src/ports/' },
      to: { path: '^(src/(?!ports/|config|engine/(errors|clock|types))|db/)' },
    },
    only(
      'directory',
      '^src/directory/',
      [
        '^src/(directory|ports|privacy)/',
        '^src/(config|engine/(clock|errors))',
        '^db/intake/directory',
        ...pkg('zod'),
        '^(node:)?[a-z/_]+$',
      ],
      'Stands in for systems outside: knows their ports, the vault and its own tables.',
    ),
    only(
      'recovery',
      '^src/recovery/',
      [
        '^src/(recovery|ports|privacy|staff/duplicates)/',
        '^src/(engine/(errors|types|clock)|machines/ticketType|intake/limits|audit/types|staff/principal)',
        '^db/(types|intake|staff/approvals)',
        '^crypto$',
      ],
      'Applies what was approved, through ports.',
    ),
    {
      name: 'filing-looks-nobody-up',
      comment: 'Whether a NIK is known must not show in an answer or in its time (R-ENUM-2): jobs ask, handlers never.',
      severity: 'error',
      from: { path: '^src/(api|web/portal|intake/(filing|requests|status|sessions|codes|fields))' },
      to: { path: '^src/(directory|recovery)/|^src/ports/(directory|accounts)' },
    },
    {
      name: 'features-are-given-what-they-need',
      comment: 'What is built on engine and stores knows neither who calls it nor who joins it.',
      severity: 'error',
      from: { path: '^src/(privacy|intake|documents|messages|directory|recovery)/' },
      to: { path: '^src/(api|web|workers|cli|demo|doctor|observe|main|services|duties)' },
    },
    {
      name: 'privacy-stands-below',
      comment: 'Everybody may seal; sealing knows nobody.',
      severity: 'error',
      from: { path: '^src/privacy/' },
      to: { path: '^src/(intake/(?!tasks)|documents|messages|directory|recovery)/' },
    },
    {
      name: 'api-never-workers',
      severity: 'error',
      from: { path: '^src/(api|web)/' },
      to: { path: '^src/(workers|cli)/' },
    },
    only(
      'observe',
      '^src/observe/',
      [
        '^src/(observe|engine|machines)/',
        // Each room says itself what it tells those who watch it.
        '^src/(api|workers)/observer',
        '^src/workers/queues/(types|limit)',
        '^db/(types|intake/(tasks|dataRequests))',
        ...pkg('prom-client', '@opentelemetry/[^/]+', 'zod'),
        '^(node:)?[a-z/_]+$',
      ],
      'Watches the other rooms through their observer interfaces; they never import it.',
    ),
    {
      name: 'only-main-and-config-watch',
      severity: 'error',
      from: { path: '^(src/(?!observe/|main|config)|db/)' },
      to: { path: '^src/observe/' },
    },
    {
      name: 'pages-are-mounted-not-built-on-the-api',
      comment: 'Pages stand beside the API on the same features; what they share is a feature.',
      severity: 'error',
      from: { path: '^src/web/', pathNot: '^src/web/console/' },
      to: { path: '^src/(api|observe|doctor|demo|directory)/' },
    },
    only(
      'console-stands-before-the-api',
      '^src/web/console/',
      [
        '^src/web/console/',
        '^src/api/shapes',
        ...pkg('react', 'react-dom', '@types/react', '@types/react-dom', '@tanstack/react-query', 'zod', 'lean-qr'),
      ],
      'A program in a browser: it knows the public API and nothing behind it.',
    ),
    {
      name: 'console-takes-types-only',
      comment: 'Shapes of the API type its answers; nothing of the server is in the bundle.',
      severity: 'error',
      from: { path: '^src/web/console/' },
      to: { path: '^src/(?!web/console/)|node_modules/zod/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-the-console',
      severity: 'error',
      from: { path: '^(src/(?!web/console/)|db/)' },
      to: { path: '^src/web/console/' },
    },
    {
      name: 'workers-never-api',
      severity: 'error',
      from: { path: '^src/workers/' },
      to: { path: '^src/(api|web|cli)/' },
    },
    {
      name: 'doctor-looks-from-below',
      severity: 'error',
      from: { path: '^src/doctor/' },
      to: { path: '^src/(api|demo|observe|web)/' },
    },
    {
      name: 'only-cli-asks-the-doctor',
      severity: 'error',
      from: { path: '^(src/(?!doctor/|cli/)|db/)' },
      to: { path: '^src/doctor/' },
    },
    {
      name: 'only-main-and-cli-join',
      severity: 'error',
      from: { path: '^src/(?!cli/|main)' },
      to: { path: '^src/(cli/|main)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
