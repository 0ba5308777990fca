import { ChatError } from '../chat/chat-error.js'
import { siteOf } from './addresses.js'
import { RequestWindows, type Use } from './request-windows.js'

/** How many times as much as one address all those of an IPv6 site may have together. */
const addressesOfSite = 16

/** Whose allowance it is: an address, and a token of ours, if one was shown. */
export interface Client {
  /** As {@link addressOf} says it. */
  readonly address: string
  readonly tokenHash?: string | undefined
}

/** What is left to a client after a use; less than nothing if that was too much. */
export interface Left {
  readonly count: number
  /** The ms until there is more. */
  readonly ttl: number
}

/**
 * So much of something may be had in a window of time: by an address with all its tokens together, and by a token from
 * wherever it comes. So tokens, which cost nothing, are no fresh allowances, nor are the networks of one IPv6 site.
 */
export class Allowance {
  private readonly addresses = new RequestWindows()
  private readonly sites = new RequestWindows()
  private readonly tokens = new RequestWindows()

  /**
   * @param name What clients are told that it is of.
   * @param most 0 is no limit.
   * @param length The length of a window, in ms.
   */
  constructor(
    readonly name: string,
    readonly most: number,
    readonly length: number,
  ) {}

  /** Counts a use, whether it is too much or not. @returns what is left; undefined where there is no limit */
  use({ address, tokenHash }: Client, count = 1): Left | undefined {
    if (this.most === 0) return undefined
    const site = siteOf(address)
    let least = left(this.most, this.addresses.count(address, this.length, count))
    if (tokenHash !== undefined)
      least = lesser(least, left(this.most, this.tokens.count(tokenHash, this.length, count)))
    if (site !== undefined)
      least = lesser(least, left(this.most * addressesOfSite, this.sites.count(site, this.length, count)))
    return least
  }

  /** The same. @throws {ChatError} rate_limited if it is too much */
  spend(client: Client, count?: number): void {
    const least = this.use(client, count)
    if (least && least.count < 0) throw tooMany(least)
  }
}

const left = (most: number, { current, ttl }: Use): Left => ({ count: most - current, ttl })

const lesser = (one: Left, other: Left): Left => (other.count < one.count ? other : one)

/** What to say to a client that has nothing left. */
export const tooMany = ({ ttl }: Left): ChatError => new ChatError('rate_limited', undefined, Math.ceil(ttl / 1000))
