import { hash, verify } from '@node-rs/argon2'
import { PulihError } from '../../engine/errors.js'

/**
 * argon2id with 19 MiB and two passes: what OWASP's password storage sheet asks for at least. About 37 ms on one core where it was measured; more memory would let a
 * few dozen sign-ins at once take a small machine's. The library's `Algorithm` is a const enum, which isolated modules cannot read: 2 is argon2id.
 */
export const ARGON2 = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Beside a second factor; longer ones are a phrase. */
export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 128

/** Normalised, so that two keyboards type the same. */
const normal = (password: string): string => password.normalize('NFKC')

export const hashPassword = (password: string): Promise<string> => hash(normal(password), ARGON2)

export interface PasswordCheck {
  /** Takes the same time whether there is a hash or not, so that it tells nothing about who exists. */
  matches(passwordHash: string | null, password: string): Promise<boolean>
}

/** `spare` is a password that nobody has: what is compared against where there is none. */
export function passwordCheck(spare: string): PasswordCheck {
  let nobody: Promise<string> | null = null
  return {
    async matches(passwordHash, password) {
      nobody ??= hashPassword(spare)
      const found = await verify(passwordHash ?? (await nobody), normal(password))
      return found && passwordHash !== null
    },
  }
}

/** What people choose first, and what an attacker tries first, by the words they are made of. */
const COMMON =
  /password|passw0rd|qwerty|rahasia|kata ?sandi|bismillah|indonesia|jamsostek|bpjs|sayang|welcome|letmein|admin|123456|abc123|111111|pulih/i

/** Throws PASSWORD_REFUSED for one that is short, or made of what everybody tries, of one sign, or of the own name. */
export function refuseWeakPassword(password: string, { username }: { readonly username: string }): void {
  const plain = normal(password)
  const rest = plain.replace(COMMON, '')
  const reason =
    plain.length < PASSWORD_MIN || plain.length > PASSWORD_MAX
      ? 'length'
      : rest.length < PASSWORD_MIN - 2 && rest.length < plain.length
        ? 'common'
        : new Set(plain).size < 5
          ? 'repeated'
          : plain.toLowerCase().includes(username)
            ? 'username'
            : null
  if (reason !== null) throw new PulihError('PASSWORD_REFUSED', 'this password is too easy to guess', { reason })
}
