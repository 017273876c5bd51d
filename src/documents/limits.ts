const MB = 1_048_576

/** What is taken and how much of it at once (R-FILE-1, R-FILE-4); numbers of bytes and milliseconds. */
export interface Limits {
  readonly fileBytes: number
  /** Files of one case, and of one request. */
  readonly files: number
  readonly caseBytes: number
  /** A request is cut beyond this, whatever its parts are. */
  readonly requestBytes: number
  /** Without a byte for so long, a sender is gone. */
  readonly stallMs: number
  readonly receiveMs: number
  readonly pixels: number
  /** Longest side of a page. */
  readonly pageSide: number
  readonly pages: number
  /** Of a core; on the wall it may be longer. */
  readonly convertMs: number
  /** Files being drawn and sealed at a time in this process: each holds a whole file and a whole picture in memory, or a child process. */
  readonly conversions: number
  /** Requests being received at a time in this process. */
  readonly uploads: number
}

export const LIMITS: Limits = {
  fileBytes: 10 * MB,
  files: 5,
  caseBytes: 25 * MB,
  requestBytes: 61 * MB,
  stallMs: 15_000,
  receiveMs: 240_000,
  pixels: 40_000_000,
  pageSide: 2_000,
  pages: 5,
  convertMs: 10_000,
  conversions: 1,
  uploads: 16,
}
