import type { Channel, Link } from './link.js'
import { PeerEvents, type Peers } from './peers.js'
import type { Uplink } from './uplink.js'

/** What the owner and the others say to each other. Without a kind it says that the peer has come, or gone. */
interface Told {
  readonly peer: string
  readonly kind?: string
  readonly body?: object
  readonly gone?: boolean
}

const encode = (told: Told): Buffer => Buffer.from(JSON.stringify(told))
const decode = (bytes: Buffer): Told => JSON.parse(bytes.toString()) as Told

const owner = 'owner'

/** The processes around this one, which hands on to the others what each of them tells. */
export class OwnerPeers extends PeerEvents implements Peers {
  readonly areThere = true
  private readonly links = new Map<string, Link>()
  private count = 0

  /** @param channel Of the links to them. */
  constructor(private readonly channel: Channel) {
    super()
  }

  add(link: Link): void {
    const peer = `process ${++this.count}`
    for (const other of [owner, ...this.links.keys()]) link.send(this.channel, encode({ peer: other }))
    this.links.set(peer, link)
    this.pass({ peer })
    link.on(this.channel, (bytes) => {
      const told = { ...decode(bytes), peer }
      this.pass(told)
      this.told(told.kind ?? '', told.body ?? {}, peer)
    })
    link.onEnd(() => {
      this.links.delete(peer)
      this.pass({ peer, gone: true })
      this.gone(peer)
    })
    this.come(peer)
  }

  tell(kind: string, body: object): void {
    this.pass({ peer: owner, kind, body })
  }

  private pass(told: Told): void {
    const bytes = encode(told)
    for (const [peer, link] of this.links) if (peer !== told.peer) link.send(this.channel, bytes)
  }
}

/** The owner, and the processes around it, as one of those sees them. */
export class UplinkPeers extends PeerEvents implements Peers {
  readonly areThere = true

  /** @param channel Of the link to the owner. */
  constructor(
    private readonly uplink: Uplink,
    private readonly channel: Channel,
  ) {
    super()
    uplink.on(channel, (bytes) => {
      const { peer, kind, body, gone } = decode(bytes)
      if (kind !== undefined) this.told(kind, body ?? {}, peer)
      else if (gone === true) this.gone(peer)
      else this.come(peer)
    })
    uplink.onDown(() => {
      for (const peer of Array.from(this.peers)) this.gone(peer)
    })
  }

  tell(kind: string, body: object): void {
    this.uplink.send(this.channel, encode({ peer: '', kind, body }))
  }
}
