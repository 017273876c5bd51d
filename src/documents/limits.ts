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
  /** So long a sender may be as slow as it likes; from then on it has to send so much on average. */
  readonly graceMs: number
  readonly bytesPerSecond: number
  readonly pixels: number
  /** Of a picture with more than 8 bits a channel, as no camera of a phone writes it. */
  readonly deepPixels: number
  /** What the reader of a format may have to hold of one picture, beside its file. */
  readonly pictureBytes: number
  /** Sides a picture has at least: a photograph of a card that is smaller shows no number that could be read. */
  readonly shortSide: number
  readonly longSide: number
  /** Longest side of a page. */
  readonly pageSide: number
  readonly pages: number
  /** Of a core; on the wall it may be longer. */
  readonly convertMs: number
  /** Files being drawn and sealed at a time in this process: each holds a whole file and a whole picture in memory, or a child process. */
  readonly conversions: number
  /** Requests being received at a time in this process; a network has a quarter of these at most. */
  readonly uploads: number
  /** The same of requests at work, received or waiting to be drawn with their files in the quarantine. */
  readonly held: number
}

export const LIMITS: Limits = {
  fileBytes: 10 * MB,
  files: 5,
  caseBytes: 25 * MB,
  requestBytes: 61 * MB,
  stallMs: 15_000,
  receiveMs: 240_000,
  graceMs: 15_000,
  bytesPerSecond: 2_048,
  pixels: 40_000_000,
  deepPixels: 16_000_000,
  pictureBytes: 160 * MB,
  shortSide: 200,
  longSide: 320,
  pageSide: 2_000,
  pages: 5,
  convertMs: 10_000,
  conversions: 1,
  uploads: 32,
  held: 64,
}

/** A machine with other work gives fewer seconds of its cores than the wall shows. */
export const WALL_PER_CPU = 4
