/** Somebody of the staff. Usernames are lower case; instants are epoch ms. */
export interface StaffRow {
  readonly id: string
  readonly staffNumber: string
  readonly username: string
  readonly name: string
  readonly issuer: string | null
  readonly subject: string | null
  readonly passwordHash: string | null
  readonly oneTime: boolean
  readonly passwordExpiresAt: number | null
  readonly totpSealed: string | null
  readonly totpConfirmed: boolean
  readonly totpStep: number
  readonly createdAt: number
  readonly createdBy: string
  readonly disabledAt: number | null
  readonly disabledBy: string | null
}
export type StaffPatch = Partial<
  Pick<
    StaffRow,
    'passwordHash' | 'oneTime' | 'passwordExpiresAt' | 'totpSealed' | 'totpConfirmed' | 'name' | 'issuer' | 'subject'
  >
>

/** `officeId` is EVERY_OFFICE for all of them. */
export interface GrantRow {
  readonly id: string
  readonly staffId: string
  readonly role: 'agent' | 'checker' | 'supervisor' | 'admin' | 'auditor'
  readonly officeId: string
  readonly grantedAt: number
  readonly grantedBy: string
  readonly revokedAt: number | null
  readonly revokedBy: string | null
}

export interface SessionRow {
  readonly hash: string
  readonly staffId: string
  readonly stage: 'password' | 'enrol' | 'totp' | 'open'
  readonly via: 'local' | 'oidc'
  readonly startedAt: number
  readonly seenAt: number
  readonly expiresAt: number
  readonly steppedUpAt: number | null
  readonly endedAt: number | null
  readonly endedBy: string | null
}

export interface ServiceKeyRow {
  readonly id: string
  readonly name: string
  readonly secretHash: string
  readonly scopes: readonly string[]
  readonly createdAt: number
  readonly createdBy: string
  readonly expiresAt: number
  readonly lastUsedAt: number | null
  readonly revokedAt: number | null
  readonly revokedBy: string | null
}

export interface OidcFlowRow {
  readonly hash: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly expiresAt: number
}
