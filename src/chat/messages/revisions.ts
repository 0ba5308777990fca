import { closing, comma, type MessageFacts } from './message-json.js'

/** A message as it is now. */
interface Revision {
  /** What all readers see, with the comma behind it. */
  readonly record: string
  /** What the sender sees besides. */
  readonly own: string
  readonly facts: MessageFacts
}

const nothing: Revision = { record: '', own: '', facts: { target: 0, sender: 0, sentAt: 0 } }

/** Older messages than memory has, which have been changed lately: for those who are told so. The oldest changes make way. */
export class Revisions {
  private readonly byId = new Map<number, Revision>()
  private bytes = 0

  /** @param mostBytes That they may take; the latest is there in any case. */
  constructor(private readonly mostBytes: number) {}

  has(id: number): boolean {
    return this.byId.has(id)
  }

  factsOf(id: number): MessageFacts {
    return this.revision(id).facts
  }

  recordOf(id: number): string {
    return this.revision(id).record.slice(0, -comma.length)
  }

  /** The number of the user who sees more of it than others; 0 if nobody does. */
  ownerOf(id: number): number {
    const { own, facts } = this.revision(id)
    return own === '' ? 0 : facts.sender
  }

  set(id: number, revision: Revision): void {
    this.delete(id)
    this.byId.set(id, revision)
    this.bytes += this.sizeOf(id)
    for (const oldest of this.byId.keys()) {
      if (this.bytes <= this.mostBytes || oldest === id) break
      this.delete(oldest)
    }
  }

  /** The bytes that {@link copy} needs at most. */
  sizeOf(id: number): number {
    const { record, own } = this.revision(id)
    return Buffer.byteLength(record) + Buffer.byteLength(own)
  }

  /** Writes one for a reader. @returns how many bytes that were */
  copy(id: number, viewer: number, target: Buffer, position: number): number {
    const { record, own } = this.revision(id)
    return target.write(this.ownerOf(id) === viewer ? record.slice(0, -closing.length) + own : record, position)
  }

  private revision(id: number): Revision {
    return this.byId.get(id) ?? nothing
  }

  private delete(id: number): void {
    this.bytes -= this.sizeOf(id)
    this.byId.delete(id)
  }
}
