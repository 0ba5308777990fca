/** Says which of the nodes does what one node at a time does. */
export interface Lease {
  /**
   * Calls back when this node has come to do it, and when it does not any more. It ends when it is known whether it does.
   * @param take Where several nodes may do it and it fails, another one may try.
   * @param drop It may be called while `take` is under way, and is called again after it then: twice is harmless.
   * @throws what `take` throws at the beginning, where no other node could do it
   */
  hold(take: () => Promise<void>, drop: () => void): Promise<void>
}
