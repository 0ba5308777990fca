import FlatQueue from 'flatqueue'

/** Gives ids, ascending, one by one; undefined when there are no more. */
export interface IdSource {
  next(): number | undefined
}

/** The ids of several sources, ascending, `count` at most. The work is that of what is returned. */
export function mergeIds(sources: readonly IdSource[], count: number): number[] {
  const [only] = sources
  if (!only) return []
  return sources.length === 1 ? take(only, count) : merge(sources, count)
}

function take(source: IdSource, count: number): number[] {
  const ids: number[] = []
  while (ids.length < count) {
    const id = source.next()
    if (id === undefined) break
    ids.push(id)
  }
  return ids
}

function merge(sources: readonly IdSource[], count: number): number[] {
  const queue = new FlatQueue<IdSource>()
  const enqueue = (source: IdSource) => {
    const id = source.next()
    if (id !== undefined) queue.push(source, id)
  }
  sources.forEach(enqueue)
  const ids: number[] = []
  while (ids.length < count) {
    const id = queue.peekValue()
    const source = queue.pop()
    if (id === undefined || source === undefined) break
    ids.push(id)
    enqueue(source)
  }
  return ids
}
