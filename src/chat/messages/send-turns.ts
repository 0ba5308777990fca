import { Lines } from '../../base/lines.js'
import type { ChatData } from '../chat-data.js'
import type { Archive } from '../ports.js'
import { sameContent, sentOf, type Sent } from '../tables/sent-keys.js'
import type { User } from '../tables/users.js'

/** By what a repeat is known. */
export interface Key {
  readonly clientId: string
  readonly contentHash: string
}

/** Finds out whether something was sent before. Sends of one user wait for those before them, where the archive is asked. */
export class SendTurns {
  /** Of each user, the sends that had to look into the archive, and those behind them. */
  private readonly looking = new Lines<User>()

  /** @param now Gives the time, in ms since the epoch. */
  constructor(
    private readonly state: ChatData,
    private readonly archive: Archive | undefined,
    private readonly now: () => number,
  ) {}

  /**
   * The send of this user with this `client_id`, if there was one; a promise only where something must be looked up.
   * @throws {ChatError} client_id_reused
   */
  find(sender: User, key: Key | undefined): Sent | undefined | Promise<Sent | undefined> {
    return this.mustWait(sender, key) ? this.inTurn(sender, key) : this.remembered(sender, key)
  }

  private remembered(sender: User, key: Key | undefined): Sent | undefined {
    return key && this.state.sentBefore(sender, key.clientId, key.contentHash)
  }

  private mustWait(sender: User, key: Key | undefined): boolean {
    return this.looking.has(sender) || (key !== undefined && this.mayBeArchived && !this.remembered(sender, key))
  }

  /** Whether there are sends of which the archive alone knows the `client_id`. */
  private get mayBeArchived(): boolean {
    return this.archive !== undefined && this.state.sentKeys.floor(this.state.messages.newest) > 0
  }

  /** Looks once those before have been looked up. */
  private inTurn(sender: User, key: Key | undefined): Promise<Sent | undefined> {
    return this.looking.join(sender, async (before) => {
      const [first] = await Promise.all([key && this.lookUp(sender, key), before])
      return first
    })
  }

  private async lookUp(sender: User, key: Key): Promise<Sent | undefined> {
    const remembered = this.remembered(sender, key)
    if (remembered || !this.archive) return remembered
    const { sentKeys, time } = this.state
    const after = Math.max(this.now(), time) - sentKeys.part.keptMs
    const held = sentKeys.held(sender.number, key.clientId, after)
    if (held) return sameContent(held, key.contentHash)
    const archived = await this.archive.sent(sender.number, key.clientId, after)
    return archived && sameContent(sentOf(archived), key.contentHash)
  }
}
