import type { Lease } from '../base/lease.js'

/** Of a node that is alone, or the owner of what others follow. */
export const heldLease: Lease = { hold: (take) => take() }

/** Of a node for which another one does it. */
export const foreignLease: Lease = { hold: async () => undefined }

/** Of several parts, which are taken and dropped together. */
export class Duties implements Lease {
  private readonly parts: { readonly take: () => Promise<void>; readonly drop: () => void }[] = []
  private held = false
  private begun: Promise<void> | undefined

  constructor(private readonly lease: Lease) {}

  async hold(take: () => Promise<void>, drop: () => void): Promise<void> {
    this.parts.push({ take, drop })
    if (this.held) await take()
    await (this.begun ??= this.lease.hold(
      () => this.take(),
      () => this.drop(),
    ))
  }

  private async take(): Promise<void> {
    this.held = true
    for (const part of this.parts) await part.take()
  }

  private drop(): void {
    this.held = false
    for (const part of this.parts) part.drop()
  }
}
