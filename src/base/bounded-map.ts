/**
 * Remembers the latest keys that were set: at least as many as the bound says, at most twice as many. Keys live in two
 * generations, of which the older is dropped whole; to drop one at a time from the front of a large map is slow in V8.
 */
export class BoundedMap<V> {
  private young = new Map<string, V>()
  private old = new Map<string, V>()

  get(key: string): V | undefined {
    return this.young.get(key) ?? this.old.get(key)
  }

  set(key: string, value: V, bound: number): void {
    if (this.young.size >= bound) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
  }
}
