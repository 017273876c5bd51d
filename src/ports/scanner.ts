/** What a scanner said of bytes that it saw whole. The signature's name is the scanner's own word and never input. */
export type Verdict = { readonly verdict: 'clean' } | { readonly verdict: 'infected'; readonly signature: string }

/** Looks for malware. Throws ScannerUnavailable whenever it cannot say: what was not scanned is never taken for clean (R-FILE-3). */
export interface Scanner {
  scan(bytes: AsyncIterable<Uint8Array>): Promise<Verdict>
}

/** The scanner is down, slow, or refused to look: worth trying again. */
export class ScannerUnavailable extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`scanner unavailable: ${reason}`, options)
    this.name = 'ScannerUnavailable'
  }
}

/** The test file of the industry, in two halves so that no scanner takes this file for it. */
const EICAR = Buffer.from(
  String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
  'ascii',
)

/** Stands in where no scanner is installed: it knows the EICAR test string and nothing else, so production refuses it. */
export const embeddedScanner: Scanner = {
  async scan(bytes) {
    let tail = Buffer.alloc(0)
    let found = false
    // Reads on after a find: whoever gives the bytes sees them all taken.
    for await (const chunk of bytes) {
      const seen = Buffer.concat([tail, chunk])
      found ||= seen.includes(EICAR)
      tail = seen.subarray(Math.max(0, seen.length - EICAR.length + 1))
    }
    return found ? { verdict: 'infected', signature: 'Eicar-Test-String' } : { verdict: 'clean' }
  },
}
