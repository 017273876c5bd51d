import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'

/** Every office, in a grant: a unique index tells null from null, so a word stands for it. */
export const EVERY_OFFICE = '*'

/** Who works here, what they may be, how they proved themselves, and the other systems' keys. Nobody's tickets are in these tables. */
export function defineStaffTables(c: ColumnKit) {
  const people = staffTables(c)
  return { ...people, ...proofTables(c, people.staff), ...doorTables(c) }
}

function staffTables(c: ColumnKit) {
  const staff = c.table(
    'staff',
    {
      id: c.id('id'),
      /** One account for one person: the institution's own number of them. */
      staffNumber: c.str('staff_number').notNull(),
      username: c.str('username').notNull(),
      name: c.str('name').notNull(),
      /** Who vouches for them, and as whom; both null for local accounts. */
      issuer: c.str('issuer'),
      subject: c.str('subject'),
      /** argon2id; null: signs in by the issuer only. */
      passwordHash: c.str('password_hash'),
      /** The password was given out and has to be replaced at the next sign-in. */
      oneTime: c.bool('one_time').notNull(),
      passwordExpiresAt: c.instant('password_expires_at'),
      totpSealed: c.str('totp_sealed'),
      /** False until the first code of the secret has come. */
      totpConfirmed: c.bool('totp_confirmed').notNull(),
      /** The last time step whose code was taken: none is taken twice. */
      totpStep: c.instant('totp_step').notNull(),
      createdAt: c.instant('created_at').notNull(),
      createdBy: c.str('created_by').notNull(),
      disabledAt: c.instant('disabled_at'),
      disabledBy: c.str('disabled_by'),
    },
    (t) => [
      c.primaryKey({ name: 'staff_pk', columns: [t.id] }),
      c.uniqueIndex('staff_number_unique').on(t.staffNumber),
      c.uniqueIndex('staff_username_unique').on(t.username),
      c.uniqueIndex('staff_subject_unique').on(t.issuer, t.subject),
      c.check('staff_subject_whole', sql`(${t.issuer} is null) = (${t.subject} is null)`),
      c.check('staff_disabled_whole', sql`(${t.disabledAt} is null) = (${t.disabledBy} is null)`),
    ],
  )
  const staffGrants = c.table(
    'staff_grants',
    {
      id: c.id('id'),
      staffId: c.id('staff_id'),
      role: c.str('role').$type<'agent' | 'checker' | 'supervisor' | 'admin' | 'auditor'>().notNull(),
      officeId: c.str('office_id').notNull(),
      grantedAt: c.instant('granted_at').notNull(),
      grantedBy: c.str('granted_by').notNull(),
      revokedAt: c.instant('revoked_at'),
      revokedBy: c.str('revoked_by'),
    },
    (t) => [
      c.primaryKey({ name: 'staff_grants_pk', columns: [t.id] }),
      c.foreignKey({ name: 'staff_grants_staff_fk', columns: [t.staffId], foreignColumns: [staff.id] }),
      c
        .uniqueIndex('staff_grants_once')
        .on(t.staffId, t.role, t.officeId)
        .where(sql`revoked_at is null`),
      c.index('staff_grants_staff').on(t.staffId),
      c.check('staff_grants_role_known', sql`${t.role} in ('agent', 'checker', 'supervisor', 'admin', 'auditor')`),
      c.check('staff_grants_by_another', sql`${t.grantedBy} <> ${t.staffId}`),
      c.check('staff_grants_revoked_whole', sql`(${t.revokedAt} is null) = (${t.revokedBy} is null)`),
    ],
  )
  return { staff, staffGrants }
}

function proofTables(c: ColumnKit, staff: ReturnType<typeof staffTables>['staff']) {
  const staffRecoveryCodes = c.table(
    'staff_recovery_codes',
    {
      staffId: c.id('staff_id'),
      hash: c.str('hash').notNull(),
      createdAt: c.instant('created_at').notNull(),
      usedAt: c.instant('used_at'),
    },
    (t) => [
      c.primaryKey({ name: 'staff_recovery_codes_pk', columns: [t.staffId, t.hash] }),
      c.foreignKey({ name: 'staff_recovery_codes_staff_fk', columns: [t.staffId], foreignColumns: [staff.id] }),
    ],
  )
  const staffSessions = c.table(
    'staff_sessions',
    {
      /** SHA-256 of what the cookie holds. */
      hash: c.str('hash').notNull(),
      staffId: c.id('staff_id'),
      /** How far the sign-in has come; only `open` opens anything. */
      stage: c.str('stage').$type<'password' | 'enrol' | 'totp' | 'open'>().notNull(),
      via: c.str('via').$type<'local' | 'oidc'>().notNull(),
      startedAt: c.instant('started_at').notNull(),
      seenAt: c.instant('seen_at').notNull(),
      expiresAt: c.instant('expires_at').notNull(),
      steppedUpAt: c.instant('stepped_up_at'),
      endedAt: c.instant('ended_at'),
      endedBy: c.str('ended_by'),
    },
    (t) => [
      c.primaryKey({ name: 'staff_sessions_pk', columns: [t.hash] }),
      c.foreignKey({ name: 'staff_sessions_staff_fk', columns: [t.staffId], foreignColumns: [staff.id] }),
      c.index('staff_sessions_staff').on(t.staffId),
      c.index('staff_sessions_expiry').on(t.expiresAt),
      c.check('staff_sessions_stage_known', sql`${t.stage} in ('password', 'enrol', 'totp', 'open')`),
      c.check('staff_sessions_ended_whole', sql`(${t.endedAt} is null) = (${t.endedBy} is null)`),
    ],
  )
  return { staffRecoveryCodes, staffSessions }
}

function doorTables(c: ColumnKit) {
  const serviceKeys = c.table(
    'service_keys',
    {
      id: c.id('id'),
      name: c.str('name').notNull(),
      secretHash: c.str('secret_hash').notNull(),
      scopes: c.json('scopes').$type<readonly string[]>().notNull(),
      createdAt: c.instant('created_at').notNull(),
      createdBy: c.str('created_by').notNull(),
      expiresAt: c.instant('expires_at').notNull(),
      lastUsedAt: c.instant('last_used_at'),
      revokedAt: c.instant('revoked_at'),
      revokedBy: c.str('revoked_by'),
    },
    (t) => [
      c.primaryKey({ name: 'service_keys_pk', columns: [t.id] }),
      c.check('service_keys_expire', sql`${t.expiresAt} > ${t.createdAt}`),
      c.check('service_keys_revoked_whole', sql`(${t.revokedAt} is null) = (${t.revokedBy} is null)`),
    ],
  )
  /** Failed sign-ins; names and networks as keyed hashes. */
  const staffThrottles = c.table(
    'staff_throttles',
    {
      key: c.str('key').notNull(),
      failures: c.int('failures').notNull(),
      untilAt: c.instant('until_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'staff_throttles_pk', columns: [t.key] }),
      c.index('staff_throttles_updated').on(t.updatedAt),
    ],
  )
  /** A sign-in that has gone to the issuer and has not come back. */
  const staffOidcFlows = c.table(
    'staff_oidc_flows',
    {
      hash: c.str('hash').notNull(),
      state: c.str('state').notNull(),
      nonce: c.str('nonce').notNull(),
      verifier: c.str('verifier').notNull(),
      expiresAt: c.instant('expires_at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'staff_oidc_flows_pk', columns: [t.hash] }),
      c.index('staff_oidc_flows_expiry').on(t.expiresAt),
    ],
  )
  return { serviceKeys, staffThrottles, staffOidcFlows }
}
