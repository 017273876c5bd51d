import type { ErrorCode } from '../engine/errors.js'
import { ERROR_CODES, PulihError } from '../engine/errors.js'
import { CalendarError } from '../calendar/index.js'
import type { Label } from '../machines/ticketType.js'
import { PROBLEM_TEXTS } from './problemTexts.js'

export type Language = 'id' | 'en'
const PROBLEM_TYPE_BASE = 'https://pulih.example/problems/'

/** One fault of a request. `pointer` is a JSON pointer made of declared field names only, so it never repeats input. */
export interface FieldError {
  readonly in: 'body' | 'query' | 'path' | 'header'
  readonly pointer: string
  readonly code: string
  readonly message: string
}

/** RFC 9457, with the stable `code` and, where it helps, the faults of fields and the events possible now. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** The request id. */
  readonly instance: string
  readonly code: ErrorCode
  readonly errors?: readonly FieldError[]
  /** The guards that said no, in words. */
  readonly reasons?: readonly { readonly code: string; readonly message: string }[]
  /** Events that the ticket takes now. */
  readonly allowed?: readonly string[]
  readonly contentVersion?: number
  /** Who works on it: a staff id. */
  readonly holder?: string
}

/** The refusal behind any thrown value; what nobody planned is INTERNAL. */
export function asPulihError(error: unknown): PulihError {
  if (error instanceof PulihError) return error
  if (error instanceof CalendarError && error.code === 'NO_OPEN_TIME')
    return new PulihError('NO_OPEN_TIME', 'the calendar has no open time', {}, { cause: error })
  return new PulihError(codeOfLibraryError(error), 'refused before it reached Pulih', {}, { cause: error })
}

/** Express and raw-body mark what they refuse with a status; their messages repeat input and are dropped. */
function codeOfLibraryError(error: unknown): ErrorCode {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return 'INTERNAL'
  if (error.status === 413) return 'BODY_TOO_LARGE'
  if (error.status === 415) return 'MEDIA_TYPE_UNSUPPORTED'
  return error.status >= 400 && error.status < 500 ? 'REQUEST_MALFORMED' : 'INTERNAL'
}

/** The problem document of a refusal, in one language. */
export function toProblem(error: PulihError, language: Language, requestId: string): Problem {
  const { title, detail } = PROBLEM_TEXTS[error.code]
  const { errors, allowed, reasons, contentVersion, holder } = error.extra
  return {
    type: problemType(error.code),
    title: title[language],
    status: ERROR_CODES[error.code],
    detail: detail[language],
    instance: requestId,
    code: error.code,
    ...(Array.isArray(errors) ? { errors: (errors as Fault[]).map((it) => inLanguage(it, language)) } : {}),
    ...(Array.isArray(reasons)
      ? { reasons: (reasons as GuardReason[]).map((it) => ({ code: it.guard, message: it[language] })) }
      : {}),
    ...(Array.isArray(allowed) ? { allowed: allowed as string[] } : {}),
    ...(typeof contentVersion === 'number' ? { contentVersion } : {}),
    ...(typeof holder === 'string' ? { holder } : {}),
  }
}

/** `https://pulih.example/problems/version-stale`: documented in docs/errors.md, never fetched. */
export const problemType = (code: ErrorCode): string => PROBLEM_TYPE_BASE + code.toLowerCase().replaceAll('_', '-')

/** A fault whose sentence is known in both languages until the reader's language is known. */
export interface LabelledFieldError extends Omit<FieldError, 'message'> {
  readonly message: Label
}
/** The engine names a place and a code only; what it checks lies in the body. */
type Fault = Pick<FieldError, 'pointer' | 'code'> & Partial<LabelledFieldError>
interface GuardReason extends Label {
  readonly guard: string
}
const NOT_ACCEPTED: Label = { id: 'Isian ini tidak diterima.', en: 'This field is not accepted.' }

const inLanguage = (
  { in: place = 'body', pointer, code, message = NOT_ACCEPTED }: Fault,
  language: Language,
): FieldError => ({
  in: place,
  pointer,
  code,
  message: message[language],
})
