/** Says which of the nodes does what one node at a time does. */
export interface Lease {
  /**
   * Calls back when this node has come to do it, and when it does not any more. It ends when it is known whether it does.
   * @throws what `take` throws at the beginning
   */
  hold(take: () => Promise<void>, drop: () => void): Promise<void>
}

/** Of a node that is alone, or the owner of what others follow. */
export const heldLease: Lease = { hold: (take) => take() }

/** Of a node for which another one does it. */
export const foreignLease: Lease = { hold: async () => undefined }
