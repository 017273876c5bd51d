import { v7 } from 'uuid'

/** Ids and ticket numbers, from an injected clock and injected randomness. */
export interface Ids {
  /** UUIDv7: grows with time, so that new rows land at the end of an index. */
  id(): string
  /** `PGD-7K3M-9QXR`: Crockford base32, speakable on the phone, not sequential; the last character checks the rest. Grants nothing. */
  ticketNumber(): string
}
/** Fills an array with random bytes. */
export type Randomness = (bytes: Uint8Array) => Uint8Array

const POOL_BYTES = 4_096

/** The same randomness asked for in large pieces: the system takes as long for a few bytes as for many. No byte is given twice. */
export function pooled(random: Randomness): Randomness {
  let pool: Uint8Array = new Uint8Array(0)
  return (bytes) => {
    if (bytes.length > POOL_BYTES) return random(bytes)
    if (bytes.length > pool.length) pool = random(new Uint8Array(POOL_BYTES))
    bytes.set(pool.subarray(0, bytes.length))
    pool = pool.subarray(bytes.length)
    return bytes
  }
}

/** Crockford's base32 without Z: 31 is prime, so the check finds every wrong character and every swap of neighbours. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXY'
const PREFIX = 'PGD'

export function createIds(clock: { now(): number }, random: Randomness): Ids {
  let lastMs = -1
  let seq = 0
  return {
    id() {
      // Same millisecond: count on, so that ids keep the order in which they were made also on a clock that stands still or is set back.
      const msecs = Math.max(clock.now(), lastMs)
      seq = msecs === lastMs ? seq + 1 : 0
      lastMs = msecs
      return v7({ msecs, seq, random: random(new Uint8Array(16)) })
    },
    ticketNumber() {
      const body = [...random(new Uint8Array(7))].map((byte) => ALPHABET.charAt(byte % 31)).join('')
      const full = body + checkCharacter(body)
      return `${PREFIX}-${full.slice(0, 4)}-${full.slice(4)}`
    },
  }
}

/** Is this a well-formed ticket number whose check character fits? Case and dashes do not matter. */
export function isTicketNumber(text: string): boolean {
  const match = /^PGD([0-9A-HJKMNP-TV-Y]{7})([0-9A-HJKMNP-TV-Y])$/.exec(text.toUpperCase().replaceAll('-', ''))
  return match !== null && checkCharacter(match[1] ?? '') === match[2]
}

/** Weighted sum modulo 31 (a prime): finds every single wrong character and every swap of neighbours. */
function checkCharacter(body: string): string {
  const sum = Array.from(body).reduce((total, char, index) => total + ALPHABET.indexOf(char) * (index + 2), 0)
  return ALPHABET.charAt(sum % 31)
}
