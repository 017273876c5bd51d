import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Counts at scrape time stop here: a larger backlog is an alarm at any size, and counting it would cost as much as it is long. */
export const COUNTED = 500
const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const LATE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3_600, 86_400]
const BATCH = [1, 2, 4, 8, 16, 32, 64, 128, 256]
const SLA = ['type', 'target', 'route'] as const

/**
 * Every metric of one Pulih, in a registry of its own. Label values come from closed sets (ticket types, policies, error codes, route
 * templates), never from a ticket or a request. docs/operations.md says what each one is for.
 */
export function defineMetrics() {
  const registry = new Registry()
  const { counter, gauge, histogram } = makersOf(registry)
  return {
    registry,
    build: gauge('pulih_build_info', 'Always 1; the version that runs.', ['version']),

    requestSeconds: histogram(
      'http_server_request_duration_seconds',
      'Duration of HTTP requests by method, route template and status.',
      REQUEST_SECONDS,
      ['http_request_method', 'http_route', 'http_response_status_code'],
    ),
    problems: counter('pulih_http_problems_total', 'Requests answered with a problem document, by its code.', ['code']),

    floods: counter(
      'pulih_request_floods_total',
      'Hours in which everybody together asked for more than expected, by limit; nobody is refused for it.',
      ['limit'],
    ),

    commands: counter('pulih_commands_total', 'Commands accepted, by what brought them.', ['source']),
    refusals: counter('pulih_command_refusals_total', 'Commands refused or failed, by code.', ['source', 'code']),
    waiting: gauge('pulih_commands_waiting', 'Commands that wait for their commit.'),
    working: gauge('pulih_commands_in_commit', 'Commands in the commit that runs.'),
    batch: histogram('pulih_commit_batch_size', 'Tickets changed by one commit.', BATCH),
    commitSeconds: histogram('pulih_commit_duration_seconds', 'Time the store took for a commit.', COMMIT_SECONDS, [
      'outcome',
    ]),
    races: counter('pulih_commit_races_total', 'Decisions that lost a race or met a constraint, by reason.', [
      'reason',
    ]),

    facts: counter('pulih_facts_total', 'Facts written to the log.', ['type', 'fact']),
    warnings: counter('pulih_sla_warnings_total', 'Warnings before a promise falls due.', SLA),
    breaches: counter('pulih_sla_breaches_total', 'Promises broken.', SLA),
    escalations: counter('pulih_sla_escalations_total', 'Steps of escalation after a breach.', SLA),
    settled: counter('pulih_sla_settled_total', 'Promises that ended, by outcome.', [...SLA, 'outcome']),
    objections: counter('pulih_hold_objections_total', 'Objections raised while a change was held back.', ['type']),

    lateness: histogram('pulih_timer_lateness_seconds', 'From due to fired, by family and alarm.', LATE_SECONDS, [
      'family',
      'alarm',
    ]),
    timerFailures: counter('pulih_timer_failures_total', 'Alarms whose work failed and is tried again.', ['alarm']),
    overdue: gauge('pulih_timers_overdue', `Pending timers past their due, at most ${COUNTED}.`),

    queueUp: gauge('pulih_queue_up', 'Does the queue answer?', ['queue']),
    queueJobs: gauge('pulih_queue_jobs', 'Jobs in the queue, by state.', ['queue', 'state']),
    queueAge: gauge('pulih_queue_age_seconds', 'Age of the oldest work that should be done by now.', ['queue']),

    relayed: counter('pulih_outbox_relayed_total', 'Outbox rows handed to the queue.'),
    deliveries: counter('pulih_outbox_deliveries_total', 'Tries to deliver an outbox row.', ['kind', 'outcome']),
    deliverySeconds: histogram('pulih_outbox_delivery_seconds', 'From commit to delivery.', LATE_SECONDS, ['kind']),
    outboxRows: gauge('pulih_outbox_rows', `Outbox rows waiting for a stage, at most ${COUNTED}.`, ['stage']),
    outboxLag: gauge('pulih_outbox_lag_seconds', 'Age of the oldest outbox row waiting for a stage.', ['stage']),
    deadLetters: gauge('pulih_dead_letters_open', `Dead letters nobody replayed, at most ${COUNTED}.`),

    messages: counter('pulih_messages_total', 'Messages to people (tries), by template, channel and outcome.', [
      'template',
      'channel',
      'outcome',
    ]),

    codes: counter('pulih_codes_total', 'Codes that prove a contact, by channel and what became of them.', [
      'channel',
      'result',
    ]),

    fourEyes: counter('pulih_four_eyes_alarms_total', 'Approvals that did not stand, and objections.', ['alarm']),

    auditEntries: gauge('pulih_audit_entries', 'Length of the audit chain.'),
    auditLag: gauge(
      'pulih_audit_seal_lag_seconds',
      'Age of the oldest logged row that the audit chain does not seal yet.',
    ),
    auditAlerts: counter('pulih_audit_alerts_total', 'Times somebody opened more than their work explains.', ['kind']),

    triage: counter('pulih_triage_total', 'Help for those who cannot log in, by cause and what came of it.', [
      'cause',
      'outcome',
    ]),

    tasks: counter('pulih_tasks_total', 'Tries of tasks (work behind a request), by kind.', ['kind', 'outcome']),
    tasksWaiting: gauge('pulih_tasks_waiting', `Tasks neither done nor given up, at most ${COUNTED}.`),

    dataRequestsOverdue: gauge(
      'pulih_data_requests_overdue',
      `Requests about personal data, and breaches, that are past the 3 × 24 hours of the law, at most ${COUNTED}.`,
    ),

    storeUp: gauge('pulih_store_up', 'Did the database answer this scrape?'),
    openTickets: gauge('pulih_tickets_open', 'Open tickets, by whom they wait for.', ['standing']),
  }
}
export type Metrics = ReturnType<typeof defineMetrics>

function makersOf(registry: Registry) {
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name, help, labelNames, registers })
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge({ name, help, labelNames, registers })
  const histogram = <L extends string>(name: string, help: string, buckets: number[], labelNames: readonly L[] = []) =>
    new Histogram({ name, help, buckets, labelNames, registers })
  return { counter, gauge, histogram }
}

let ofProcess: Registry | null = null
/** Memory, CPU, event loop, GC: of the process, so once for all that run in it (prom-client cannot stop collecting them either). */
export function processMetrics(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return ofProcess
}
