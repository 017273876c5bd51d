import { z } from 'zod'

const date = z.iso.date()
const id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)

export const Account = z.strictObject({
  id,
  state: z.enum(['active', 'disabled']),
  /** Who opened it: an account opened by the employer's HR often holds HR's contacts. */
  createdBy: z.enum(['self', 'employer']),
  /** Epoch milliseconds of the last change of contacts; null: never. */
  contactsChangedAt: z.int().nonnegative().nullable(),
})
export type Account = z.infer<typeof Account>

/** What the institution knows of one person. For officers and for matching; never shown to whoever filed. */
export const Participant = z.strictObject({
  id,
  /** 16 digits. */
  nik: z.string().regex(/^\d{16}$/),
  name: z.string().min(1).max(200),
  /** ISO 8601 date; may differ from the one inside the NIK. */
  birthDate: date,
  status: z.enum(['active', 'inactive', 'deceased']),
  /** `PU`: paid by an employer; `BPU`: pays by themselves. */
  segment: z.enum(['PU', 'BPU']),
  arrearsMonths: z.int().min(0).max(1_200),
  registeredOn: date,
  /** One per employment; 11 digits each. */
  cards: z
    .array(z.strictObject({ kpj: z.string().regex(/^\d{11}$/), status: z.enum(['active', 'inactive']) }))
    .max(100),
  /** A benefit claim is being paid out or examined. */
  claimRunning: z.boolean(),
  accounts: z.array(Account).max(100),
})
export type Participant = z.infer<typeof Participant>

/**
 * The participant directory of the institution. Asked by jobs and by officers, never while somebody files (R-ENUM-2). Each look-up
 * throws UPSTREAM_UNAVAILABLE when it is worth trying again.
 */
export interface ParticipantDirectory {
  findByNik(nik: string): Promise<Participant | null>
  findByKpj(kpj: string): Promise<Participant | null>
  findById(id: string): Promise<Participant | null>
}
