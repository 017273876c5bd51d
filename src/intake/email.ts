import { createRequire } from 'node:module'
import { domainToASCII } from 'node:url'
import { bad, good, type Checked } from './checked.js'
import { holdsHidden } from './text.js'

const LONGEST = 254
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const TOP_LEVEL = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/

/**
 * An address as mail is sent to it: local part as typed, domain in lower-case ASCII (an international one in punycode) without a trailing dot.
 * Codes: email_missing, email_length, email_characters, email_format, email_look_alike (a label that mixes scripts, or one of another
 * script that reads as a Latin domain).
 */
export function checkEmail(text: string): Checked {
  if (text.length > LONGEST + 2) return bad('email_length')
  // Also within: a line end is refused and never trimmed away, whatever mail library stands behind this (A08).
  if (holdsHidden(text)) return bad('email_characters')
  const plain = text.normalize('NFC').trim()
  if (plain === '') return bad('email_missing')
  if (/\s/u.test(plain)) return bad('email_characters')
  const at = plain.lastIndexOf('@')
  const local = plain.slice(0, Math.max(at, 0))
  if (at < 1 || local.length > 64 || !LOCAL.test(local)) return bad('email_format')
  const typed = plain.slice(at + 1).replace(/\.$/, '')
  const domain = asciiDomain(typed)
  if (domain === null) return bad('email_format')
  if (domain.includes('xn--') && looksLatin(typed)) return bad('email_look_alike')
  const address = `${local}@${domain}`
  return address.length > LONGEST ? bad('email_length') : good(address)
}

/** As the DNS asks for it; null for what is no host name with a top level. */
function asciiDomain(typed: string): string | null {
  if (/[/\\?#:%[\]@]/.test(typed)) return null
  const labels = domainToASCII(typed).split('.')
  const [top = ''] = labels.slice(-1)
  return labels.length >= 2 && TOP_LEVEL.test(top) && labels.every((label) => LABEL.test(label))
    ? labels.join('.')
    : null
}

/** Letters of other scripts, each before the Latin one that it reads as. */
const PAIRS =
  'аa сc еe оo рp хx уy іi јj ѕs һh ԁd ԛq ԝw кk мm тt вb нh пn гr ӏl αa οo νv ιi ρp τt υu κk εe ηn χx ωw ցg ոn սu օo'
const TWINS = new Map(PAIRS.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)]))
/** The Latin letters that a reader sees, without accents. */
const seenAs = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{ASCII}]/gu, (char) => TWINS.get(char) ?? char)

const MIXED = /(?=.*\p{Script=Latin})(?=.*[^\P{L}\p{Script=Latin}])/u
/** A label of several scripts, or a domain that reads as a listed one though it is written otherwise. */
function looksLatin(typed: string): boolean {
  const labels = typed.split('.')
  if (labels.some((label) => MIXED.test(label))) return true
  const read = asciiDomain(seenAs(typed))
  return read !== null && !read.includes('xn--') && withParents(read).some((domain) => disposable().has(domain))
}

/** What people decided about domains, over the list: `allow` wins, then `block` (R-DISP-1). */
export type DomainDecisions = ReadonlyMap<string, 'allow' | 'block'>

/** A domain and those above it, down to the second level: a throw-away service answers on all of its sub-domains. */
export function withParents(domain: string): readonly string[] {
  const labels = domain.split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** May an address that `checkEmail` gave be one's permanent address (R16)? Codes: email_blocked, email_disposable. */
export function checkDomain(address: string, decisions: DomainDecisions): Checked {
  const domains = withParents(domainOf(address))
  const decided = domains.map((domain) => decisions.get(domain))
  if (decided.includes('allow')) return good(address)
  if (decided.includes('block')) return bad('email_blocked')
  return isDisposable(address) ? bad('email_disposable') : good(address)
}
/** Is it on the shipped list, whatever people decided? */
export const isDisposable = (address: string): boolean =>
  withParents(domainOf(address)).some((domain) => disposable().has(domain))

const require = createRequire(import.meta.url)
interface Shipped {
  readonly domains: ReadonlySet<string>
  /** Package and version: said where a domain is refused (R-DISP-1). */
  readonly version: string
}
let shipped: Shipped | null = null
/** Loaded when first asked: 56 000 names are not worth a slower start of every command. */
function list(): Shipped {
  if (shipped === null) {
    const { blacklist } = require('mailchecker') as { blacklist: () => ReadonlySet<string> }
    const { version } = require('mailchecker/package.json') as { version: string }
    shipped = { domains: blacklist(), version: `mailchecker ${version}` }
  }
  return shipped
}
const disposable = (): ReadonlySet<string> => list().domains
export const disposableListVersion = (): string => list().version

const ROLES = new Set(
  'admin administrator info informasi kontak contact cs care customerservice support help helpdesk humas hr hrd hrga personalia sdm ga office kantor finance keuangan accounting sales marketing postmaster webmaster noreply no-reply'.split(
    ' ',
  ),
)
/** An address of a function rather than of a person: accepted with a warning, because whoever holds the function next reads it (R16). */
export const isRoleAddress = (address: string): boolean =>
  ROLES.has(address.slice(0, address.lastIndexOf('@')).toLowerCase().split('+')[0] ?? '')
