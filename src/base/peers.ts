/** The other nodes of the same chat, who are told what passes. What is told is lost where a node cannot be reached. */
export interface Peers {
  /** Whether there can be any. */
  readonly areThere: boolean
  /** Tells all others. @param kind Says what it is. */
  tell(kind: string, body: object): void
  /** Takes what others tell of a kind. @param onTold Told by which of them. */
  on(kind: string, onTold: (body: object, peer: string) => void): void
  /** Calls back when one has come, which has been told nothing yet. */
  onCome(onCome: (peer: string) => void): void
  /** Calls back when one has gone. */
  onGone(onGone: (peer: string) => void): void
}

/** Of a node that is alone. */
export const noPeers: Peers = {
  areThere: false,
  tell: () => undefined,
  on: () => undefined,
  onCome: () => undefined,
  onGone: () => undefined,
}

/** Hands on what peers tell, and knows which of them there are. */
export class PeerEvents {
  private readonly takers = new Map<string, ((body: object, peer: string) => void)[]>()
  private readonly comers: ((peer: string) => void)[] = []
  private readonly goers: ((peer: string) => void)[] = []
  private readonly there = new Set<string>()

  on(kind: string, onTold: (body: object, peer: string) => void): void {
    this.takers.set(kind, [...(this.takers.get(kind) ?? []), onTold])
  }

  onCome(onCome: (peer: string) => void): void {
    this.comers.push(onCome)
  }

  onGone(onGone: (peer: string) => void): void {
    this.goers.push(onGone)
  }

  get peers(): ReadonlySet<string> {
    return this.there
  }

  told(kind: string, body: object, peer: string): void {
    for (const onTold of this.takers.get(kind) ?? []) onTold(body, peer)
  }

  come(peer: string): void {
    if (this.there.has(peer)) return
    this.there.add(peer)
    for (const onCome of this.comers) onCome(peer)
  }

  gone(peer: string): void {
    if (!this.there.delete(peer)) return
    for (const onGone of this.goers) onGone(peer)
  }
}
