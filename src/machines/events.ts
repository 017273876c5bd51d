import { z } from 'zod'
import type { InternalEvent, Label, PublicEvent, Role } from './ticketType.js'

/** A coded reason: free text may hold personal data and has no place in events. */
export const ReasonCode = z.string().regex(/^[A-Z][A-Z0-9_]{2,63}$/)
/** An opaque reference; ten digits in a row look like a NIK, KPJ or phone number and are refused. */
export const OpaqueRef = z
  .string()
  .regex(/^[a-z]{2,8}_[A-Za-z0-9-]{6,64}$/)
  .refine((value) => !/\d{10}/.test(value))
export const OfficeId = z.string().regex(/^[a-z0-9][a-z0-9-]{1,40}$/)
/** The payload of an event that says everything by its name. */
export const NoPayload = z.strictObject({})
/** An uploaded document: kind, opaque reference and hash, never content. */
export const documentOf = <K extends z.ZodType>(kind: K) =>
  z.strictObject({ kind, ref: OpaqueRef, sha256: z.string().regex(/^[0-9a-f]{64}$/) })
export const documentsOf = <K extends z.ZodType>(kind: K) =>
  z.strictObject({ documents: z.array(documentOf(kind)).min(1).max(5) })
/** Documents asked for, each with a coded reason. */
export const requestOf = <K extends z.ZodType>(kind: K) =>
  z.strictObject({
    documents: z
      .array(z.strictObject({ kind, reason: ReasonCode }))
      .min(1)
      .max(5),
  })

export const PARTICIPANT: readonly Role[] = ['participant', 'portal']
export const OFFICER: readonly Role[] = ['agent', 'checker', 'supervisor']

interface Options {
  content?: boolean
  version?: boolean
}
/** Staff events carry the version they were decided on; participant events may come without (they reload and decide again). */
export const publicEvent = <P extends z.ZodType>(
  payload: P,
  roles: readonly Role[],
  fact: string,
  label: Label,
  options: Options = {},
) =>
  ({
    payload,
    roles,
    fact,
    label,
    changesContent: options.content ?? true,
    needsVersion: options.version ?? !roles.includes('portal'),
  }) satisfies PublicEvent

/** A timer's or the system's event. `changesContent`: it moves the version that people decide on. */
export const internalEvent = <P extends z.ZodType>(
  payload: P,
  fact: string,
  id: string,
  en: string,
  changesContent = false,
) => ({ payload, fact, label: { id, en }, changesContent }) satisfies InternalEvent

/** What a deadline's timer carries. */
export const TimerPayload = z.strictObject({ generation: z.int().min(1) })
const SlaTimer = z.strictObject({ target: z.string(), threshold: z.string(), generation: z.int().min(1) })

/** The timers of every promise: each type that has a target declares these three. */
export const slaEvents = {
  'sla.warn': internalEvent(SlaTimer, 'SlaWarned', 'Peringatan tenggat', 'Warning before due'),
  'sla.due': internalEvent(SlaTimer, 'SlaBreached', 'Tenggat terlampaui', 'Due reached'),
  'sla.escalate': internalEvent(SlaTimer, 'SlaEscalated', 'Eskalasi', 'Escalation'),
}

/** Every event a machine takes, from the schemas of its events. */
export type EventOf<E extends Readonly<Record<string, { readonly payload: z.ZodType }>>> = {
  [K in keyof E & string]: { type: K; at: number; actor: { id: string; role: Role } } & z.infer<E[K]['payload']>
}[keyof E & string]
