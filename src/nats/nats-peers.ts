import { randomUUID } from 'node:crypto'
import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node'
import { BoundedMap } from '../base/bounded-map.js'
import { PeerEvents, type Peers } from '../base/peers.js'
import { maxPayloadOf } from './connection.js'
import { HeardPeer } from './heard-peer.js'
import { headText, parseHead, splitMessage, type PartHead } from './message-parts.js'

export interface NatsPeersOptions {
  /** It stays open when this is closed. */
  readonly connection: NatsConnection
  readonly prefix: string
  /** How often it gives a sign of life, in ms. One that gives none for five times as long has gone. */
  readonly beatMs?: number
}

/** A message: what is told, or a sign of life, or a farewell. */
interface Told {
  /** How often its sender has begun to tell all again. */
  readonly era: number
  readonly kind?: string
  readonly body?: object
  /** The peers from whom something was missed, by the era in which it was. */
  readonly missed?: Readonly<Record<string, number>>
  readonly gone?: true
}

const beatEveryMs = 1000
/** So many signs of life must be missed. */
const silencesBorne = 5
/** There are no more peers than this; others are not heard. */
const mostPeers = 300
/** So many of those that have gone are remembered. */
const mostLost = 1000
const headHeader = 'Chatroom-Part'
/** What a part has beside its bytes. */
const headroomBytes = 128

/**
 * The other nodes at the same NATS servers. Each message has a number, so a node knows what it has missed: it asks the
 * peer then to begin again, and that one takes it for newly come and tells all. So what is told is lost, but not for long.
 */
export class NatsPeers extends PeerEvents implements Peers {
  readonly areThere = true
  /** The random name of this node. */
  readonly id = randomUUID()
  private readonly subject: string
  private readonly beatMs: number
  private readonly heard = new Map<string, HeardPeer>()
  private readonly lost = new BoundedMap<true>()
  private readonly subscription: Subscription
  private readonly beating: NodeJS.Timeout
  private message = 0
  private era = 0
  private closed = false

  constructor(private readonly options: NatsPeersOptions) {
    super()
    const { connection, prefix, beatMs = beatEveryMs } = options
    this.subject = `${prefix}.peers`
    this.beatMs = beatMs
    this.subscription = connection.subscribe(this.subject, {
      callback: (error, message) => {
        if (!error) this.take(message)
      },
    })
    this.beating = setInterval(() => {
      this.forgetSilent()
      this.beat()
    }, beatMs)
    this.beat()
  }

  /** What is too large for the bounds of {@link splitMessage} is not told. */
  tell(kind: string, body: object): void {
    this.send({ era: this.era, kind, body })
  }

  /** Says farewell. To close twice is harmless. */
  close(): void {
    if (this.closed) return
    this.send({ era: this.era, gone: true })
    this.closed = true
    clearInterval(this.beating)
    this.subscription.unsubscribe()
    for (const peer of Array.from(this.heard.keys())) this.forget(peer)
  }

  private beat(): void {
    const missed: Record<string, number> = {}
    for (const [peer, { missed: era }] of this.heard) if (era !== undefined) missed[peer] = era
    this.send({ era: this.era, missed })
  }

  private send(told: Told): void {
    const { connection } = this.options
    const partBytes = maxPayloadOf(connection) - headroomBytes
    const parts = splitMessage(Buffer.from(JSON.stringify(told)), partBytes)
    if (this.closed || parts.length === 0) return
    // It is counted though there is no connection: so the others know that they have missed it.
    const message = this.message++
    if (!connection.info) return
    for (const [part, bytes] of parts.entries()) {
      const head = headers()
      head.set(headHeader, headText({ peer: this.id, message, part, parts: parts.length }))
      connection.publish(this.subject, bytes, { headers: head })
    }
  }

  private take({ headers, data }: Msg): void {
    const head = parseHead(headers?.get(headHeader) ?? '')
    if (!head || head.peer === this.id || this.closed) return
    const { peer } = head
    const known = this.heard.get(peer)
    if (!known && this.heard.size >= mostPeers) return
    const heard = known ?? new HeardPeer(this.lost.get(peer) === true)
    this.heard.set(peer, heard)
    const told = parsed(heard.hear(head, data))
    if (told?.gone === true) this.forget(peer)
    else if (told) this.hand(told, head, heard)
  }

  private hand({ era, kind, body, missed }: Told, { peer, message }: PartHead, heard: HeardPeer): void {
    heard.count(message, era)
    if (!this.peers.has(peer)) this.begin(peer)
    // Who asks for what was told in an earlier era has been told all since.
    if (missed?.[this.id] === this.era) {
      this.gone(peer)
      this.begin(peer)
    }
    if (kind !== undefined) this.told(kind, body ?? {}, peer)
  }

  /** All is told again. */
  private begin(peer: string): void {
    this.era++
    this.beat()
    this.come(peer)
  }

  private forgetSilent(): void {
    const silentSince = performance.now() - silencesBorne * this.beatMs
    for (const [peer, { heardAt }] of Array.from(this.heard)) if (heardAt < silentSince) this.forget(peer)
  }

  private forget(peer: string): void {
    this.heard.delete(peer)
    this.lost.set(peer, true, mostLost)
    this.gone(peer)
  }
}

function parsed(bytes: Uint8Array | undefined): Told | undefined {
  if (!bytes) return undefined
  try {
    const told = JSON.parse(Buffer.from(bytes).toString()) as Told | null
    return typeof told?.era === 'number' ? told : undefined
  } catch {
    return undefined
  }
}
