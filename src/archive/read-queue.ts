import { ChatError } from '../chat/chat-error.js'

/** Reads that wait at most: of one user, and of all. */
const most = { ofUser: 16, ofAll: 1000 }
/** Reads that the reader has at once, so that it need not wait for the next. */
const atOnce = 2
/** The seconds after which a user who was refused may ask again. */
const retryAfter = 1

/** Whose reads are the server's own: retention asks, one by one. */
export const server = 0

interface Read {
  readonly begin: () => Promise<void>
  readonly refuse: () => void
}

/**
 * Reads of the disk that wait for their turn. The users have it one after the other, whatever each of them has asked for: so
 * a read waits for one of each other user, at most. A read begins when its turn comes, and says only then what it reads.
 */
export class ReadQueue {
  /** By user, with the next one first. */
  private readonly lines = new Map<number, Read[]>()
  private waiting = 0
  private underWay = 0

  /** @throws {ChatError} rate_limited if too many of the user's wait already */
  run<T>(user: number, read: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const refuse = () => reject(new ChatError('rate_limited', tooMany, retryAfter))
      const begin = () => read().then(resolve, reject)
      if (!this.hasRoom(user)) refuse()
      else this.add(user, { begin, refuse })
    })
  }

  private add(user: number, read: Read): void {
    const line = this.lines.get(user)
    if (line) line.push(read)
    else this.lines.set(user, [read])
    this.waiting++
    this.next()
  }

  /** Makes room where that is fair: of the user with the most, the last has to go. */
  private hasRoom(user: number): boolean {
    const own = this.lines.get(user)?.length ?? 0
    if (own >= most.ofUser) return false
    if (this.waiting < most.ofAll) return true
    let longest: Read[] = []
    for (const line of this.lines.values()) if (line.length > longest.length) longest = line
    if (longest.length <= own + 1) return false
    longest.pop()?.refuse()
    this.waiting--
    return true
  }

  private next(): void {
    while (this.underWay < atOnce) {
      const read = this.takeNext()
      if (!read) return
      this.underWay++
      void read.begin().finally(() => {
        this.underWay--
        this.next()
      })
    }
  }

  /** The first of the user who has waited longest for a turn; the others of that user wait for the next one. */
  private takeNext(): Read | undefined {
    for (const [user, line] of this.lines) {
      this.lines.delete(user)
      const read = line.shift()
      if (line.length > 0) this.lines.set(user, line)
      this.waiting--
      return read
    }
    return undefined
  }
}

const tooMany = 'Too many reads of older messages wait already; ask again when some have been answered.'
