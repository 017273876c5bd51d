/**
 * Every refusal Pulih gives on purpose. `code` is stable and documented (docs/errors.md); `status` is its HTTP reading;
 * `message` and `extra` never carry personal data or echo input values.
 */
export const ERROR_CODES = {
  TICKET_NOT_FOUND: 404,
  NOT_FOUND: 404,
  EVENT_UNKNOWN: 422,
  EVENT_NOT_ALLOWED: 409,
  ROLE_NOT_ALLOWED: 403,
  VALIDATION_FAILED: 422,
  PERSONAL_DATA_REFUSED: 422,
  VERSION_STALE: 412,
  VERSION_REQUIRED: 428,
  VERSION_MALFORMED: 400,
  IDEMPOTENCY_KEY_REQUIRED: 400,
  IDEMPOTENCY_KEY_MALFORMED: 400,
  IDEMPOTENCY_KEY_REUSED: 422,
  CONFLICT: 409,
  /** An approval whose evidence is another than it was proposed on. */
  APPROVAL_VOID: 409,
  /** Two cases that may not become one. */
  MERGE_REFUSED: 409,
  /** Somebody else works on it. */
  TICKET_HELD: 409,
  NOT_CLAIMABLE: 409,
  LEASE_LOST: 409,
  WIP_LIMIT: 409,
  INCIDENT_OVER: 409,
  /** A code, or what is no longer so. */
  MESSAGE_NOT_RESENT: 409,
  SIGN_IN_REFUSED: 422,
  PASSWORD_REFUSED: 422,
  CROSS_SITE_REFUSED: 403,
  /** Nobody changes what they themselves may do. */
  OWN_ROLES: 403,
  /** Nobody checks, or judges, what they had a hand in; somebody else may (R-4E-1, A23). */
  OWN_CASE: 403,
  STAFF_EXISTS: 409,
  /** Somebody has to be left who can let others in. */
  LAST_ADMIN: 409,
  NO_OPEN_TIME: 422,
  EVENT_IN_THE_FUTURE: 422,
  UNAUTHENTICATED: 401,
  METHOD_NOT_ALLOWED: 405,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  BODY_MALFORMED: 400,
  REQUEST_MALFORMED: 400,
  REQUEST_TIMEOUT: 408,
  HEADERS_TOO_LARGE: 431,
  CURSOR_MALFORMED: 400,
  UPLOAD_MALFORMED: 400,
  ERASED: 410,
  LEGAL_HOLD: 409,
  PROOF_REQUIRED: 409,
  CHECKLIST_INCOMPLETE: 422,
  /** A file that waits for the scanner. */
  DOCUMENT_PENDING: 409,
  REASON_UNKNOWN: 422,
  BRANCH_REQUIRED: 409,
  BRANCH_NOT_REFERRED: 409,
  IDENTITY_UNVERIFIED: 409,
  CODE_INVALID: 422,
  CODE_EXPIRED: 422,
  CODE_USED: 409,
  CODE_TRIES_EXCEEDED: 429,
  TOO_MANY_REQUESTS: 429,
  DOCUMENT_MISSING: 422,
  DOCUMENT_TYPE_REFUSED: 415,
  DOCUMENT_TOO_LARGE: 413,
  DOCUMENT_EMPTY: 422,
  DOCUMENT_INFECTED: 422,
  DOCUMENT_PASSWORD: 422,
  DOCUMENT_UNREADABLE: 422,
  DOCUMENT_TOO_MANY: 422,
  DOCUMENT_TOO_MANY_PAGES: 422,
  LIMITER_UNAVAILABLE: 503,
  UPSTREAM_UNAVAILABLE: 503,
  STORE_BUSY: 503,
  /** What must be recorded cannot be, so it does not happen. */
  AUDIT_UNAVAILABLE: 503,
  /** More was opened than somebody's work explains: a fresh one-time code is asked for. */
  STEP_UP_REQUIRED: 403,
  SHUTTING_DOWN: 503,
  STORE_LOCKED: 503,
  TICKET_TYPE_MISSING: 503,
  CONFIGURATION_INVALID: 500,
  CALENDAR_UNCONFIRMED: 500,
  QUEUE_MISCONFIGURED: 500,
  KEY_UNKNOWN: 500,
  SEALED_UNREADABLE: 500,
  INTERNAL: 500,
} as const
export type ErrorCode = keyof typeof ERROR_CODES

export class PulihError extends Error {
  readonly code: ErrorCode
  readonly extra: Readonly<Record<string, unknown>>
  constructor(code: ErrorCode, message: string, extra: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PulihError'
    this.code = code
    this.extra = extra
  }
  /** The HTTP status of this code. */
  get status(): number {
    return ERROR_CODES[this.code]
  }
}
