import type { MessageStore } from './message-store.js'

/** Messages that a user reads together: those from the archive first. */
export interface Page {
  /** Elements of a JSON array, each with a comma behind it. */
  readonly archived: readonly Uint8Array[]
  /** Those that are in memory. */
  readonly ids: readonly number[]
  /** The id of the last one; where the reader was, if there is none. */
  readonly lastId: number
  readonly hasMore: boolean
}

const head = '{"status":"success","messages":['

/**
 * A page as the JSON of a `PollResult`, joined from the bytes that are kept.
 * @param viewer The number of the user who reads.
 */
export const pageJson = (store: MessageStore, page: Page, viewer: number): Buffer =>
  messagesJson(store, page, viewer, `"last_id":${page.lastId},"has_more":${page.hasMore}`)

/** Messages as the JSON of an answer. @param members What it says besides. */
export function messagesJson(
  store: MessageStore,
  { archived, ids }: Pick<Page, 'archived' | 'ids'>,
  viewer: number,
  members: string,
): Buffer {
  const tail = `],${members}}`
  const archivedSize = archived.reduce((size, records) => size + records.length, 0)
  const page = Buffer.allocUnsafe(head.length + archivedSize + store.sizeOf(ids) + tail.length)
  let end = page.write(head, 'latin1')
  for (const records of archived) {
    page.set(records, end)
    end += records.length
  }
  end = store.copy(ids, viewer, page, end)
  // The last message has a comma behind it, too.
  const close = end > head.length ? end - 1 : end
  return page.subarray(0, close + page.write(tail, close, 'latin1'))
}
