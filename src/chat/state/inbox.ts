import FlatQueue from 'flatqueue'
import type { IdList } from './id-list.js'

interface Source {
  readonly list: IdList
  index: number
}

/**
 * The ids after `lastId` in several lists, ascending, `count` at most. Lists with nothing new cost one comparison; the
 * others are merged, so that the work is that of what is returned.
 */
export function mergeAfter(lists: Iterable<IdList>, lastId: number, count: number): number[] {
  const sources: Source[] = []
  for (const list of lists) {
    if (list.newest > lastId) sources.push({ list, index: list.indexAfter(lastId) })
  }
  const [only] = sources
  if (!only) return []
  return sources.length === 1 ? take(only, count) : merge(sources, count)
}

function take({ list, index }: Source, count: number): number[] {
  const ids: number[] = []
  for (let id = list.get(index); id !== undefined && ids.length < count; id = list.get(++index)) ids.push(id)
  return ids
}

function merge(sources: Source[], count: number): number[] {
  const queue = new FlatQueue<Source>()
  const enqueue = (source: Source) => {
    const id = source.list.get(source.index)
    if (id !== undefined) queue.push(source, id)
  }
  sources.forEach(enqueue)
  const ids: number[] = []
  while (ids.length < count) {
    const id = queue.peekValue()
    const source = queue.pop()
    if (id === undefined || source === undefined) break
    ids.push(id)
    source.index++
    enqueue(source)
  }
  return ids
}
