import type { Channel, Link } from '../base/link.js'
import type { Uplink } from '../base/uplink.js'

/** How far an archive has come, as its owner tells those who read it. */
export interface ArchiveStatus {
  /** The entry up to which all is on disk. */
  readonly position: number
  /** The newest message that is. */
  readonly newestMessage: number
  /** Whether it can be written at present. */
  readonly available: boolean
}

/** What the owner of an archive has for those who read it. */
interface Owned {
  readonly status: () => ArchiveStatus
  /** Writes what there is now. */
  readonly flush: () => Promise<void>
}

/** Tells those who read an archive in other processes how far it has come. */
export class ArchiveTeller {
  private readonly links = new Set<Link>()

  /** @param channel Of the links to them. */
  constructor(
    private readonly channel: Channel,
    private readonly owned: Owned,
  ) {}

  /** Tells one more, now and whenever there is something to tell. */
  add(link: Link): void {
    this.links.add(link)
    link.onEnd(() => this.links.delete(link))
    link.on(this.channel, () => {
      // Whoever asks wants it to be on disk.
      void this.owned.flush().then(() => this.tellOne(link))
    })
    this.tellOne(link)
  }

  tell(): void {
    for (const link of this.links) this.tellOne(link)
  }

  private tellOne(link: Link): void {
    link.send(this.channel, Buffer.from(JSON.stringify(this.owned.status())))
  }
}

/** Hears from the owner of an archive how far it has come. */
export class ArchiveHearer {
  status: ArchiveStatus = { position: 0, newestMessage: 0, available: true }
  private waiting: (() => void)[] = []

  /**
   * @param channel Of the link to the owner.
   * @param onStatus Told when it has come further.
   */
  constructor(
    private readonly uplink: Uplink,
    private readonly channel: Channel,
    onStatus: (status: ArchiveStatus) => void,
  ) {
    uplink.on(channel, (bytes) => {
      this.status = JSON.parse(bytes.toString()) as ArchiveStatus
      onStatus(this.status)
      this.letGo()
    })
    uplink.onDown(() => {
      this.status = { ...this.status, available: false }
      this.letGo()
    })
  }

  /** Has the owner write what there is now, and waits until it is told. */
  async flush(): Promise<void> {
    if (!this.uplink.isUp) return
    const told = new Promise<void>((resolve) => this.waiting.push(resolve))
    this.uplink.send(this.channel, Buffer.alloc(0))
    await told
  }

  private letGo(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
