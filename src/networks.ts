import { isIPv6 } from 'node:net'

/** A network of one household or phone: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function networkOf(ip: string): string {
  const groups = groupsOf(ip)
  return groups === null ? (mappedIn(ip) ?? ip) : `${groups.slice(0, 4).join(':')}::/64`
}

/** A site with many networks, as anybody can rent one: the first 48 bits of an IPv6 address. IPv4 has none: null. */
export function siteOf(ip: string): string | null {
  const groups = groupsOf(ip)
  return groups === null ? null : `${groups.slice(0, 3).join(':')}::/48`
}

const mappedIn = (ip: string): string | undefined => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]

/** The eight groups without leading zeros, where it is an IPv6 address that stands for no IPv4 address. */
function groupsOf(ip: string): readonly string[] | null {
  if (mappedIn(ip) !== undefined || !isIPv6(ip)) return null
  const [head = '', tail] = (ip.split('%')[0] ?? '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  // A dotted end stands for two groups.
  const length = (parts: readonly string[]) => parts.length + (parts.at(-1)?.includes('.') === true ? 1 : 0)
  const zeros = tail === undefined ? 0 : 8 - length(groups) - length(after)
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after]
  return all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
}
