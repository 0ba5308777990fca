import { isIPv4, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** What has no address that could be told from others: it counts as one client, whatever it is. */
const noAddress = 'no address'

/** Port and brackets, which some proxies write beside an address, and the zone of one that is of this link (RFC 4007). */
const besides = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/
const zone = /%.*$/

/** Groups of an IPv6 address that are one client's: it has all addresses of a /64 (RFC 4291 section 2.5.1). */
const groupsOfClient = 4
/** Groups of one that are one site's, which may have thousands of them: a /48. */
const groupsOfSite = 3

/** An address without the port that a proxy may have written beside it (`203.0.113.7:40001`, `[2001:db8::1]:11`). */
export function bareAddress(text: string): string {
  const [, bracketed, before] = besides.exec(text.trim()) ?? []
  return (bracketed ?? before ?? text.trim()).replace(zone, '')
}

/**
 * The address as it counts: of IPv6 the /64. What a trusted proxy hands on need not be one, and whoever has broken the
 * connection off has none any more, whatever the type says.
 */
export function addressOf({ ip }: Pick<FastifyRequest, 'ip'> | { readonly ip: string | undefined }): string {
  if (ip === undefined) return noAddress
  if (isIPv4(ip)) return ip
  const bare = bareAddress(ip)
  if (isIPv4(bare)) return bare
  return isIPv6(bare) ? networkOf(bare) : noAddress
}

/** The /48 that an {@link addressOf} is part of; undefined if it is none of IPv6. */
export function siteOf(address: string): string | undefined {
  if (!address.includes(':')) return undefined
  return `${address.split(':', groupsOfSite).join(':')}::/48`
}

/** The /64 of an IPv6 address; an IPv4 address that is written as one (RFC 4291 section 2.5.5.2) is that address. */
function networkOf(address: string): string {
  const groups = groupsOf(address)
  const [high = 0, low = 0] = groups.slice(6)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff)
    return [high >>> 8, high & 0xff, low >>> 8, low & 0xff].join('.')
  const client = groups.slice(0, groupsOfClient).map((group) => group.toString(16))
  return `${client.join(':')}::/64`
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::', 2)
  const before = parseGroups(head)
  if (tail === undefined) return before
  const after = parseGroups(tail)
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

const parseGroups = (text: string): number[] => (text === '' ? [] : text.split(':').flatMap(parseGroup))

/** One of four hexadecimal digits, or two that are written as an IPv4 address. */
function parseGroup(group: string): number[] {
  if (!group.includes('.')) return [Number.parseInt(group, 16)]
  const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
  return [a * 256 + b, c * 256 + d]
}
