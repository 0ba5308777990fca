import type { MessageStore } from './state/message-store.js'

const head = '{"status":"success","messages":['

/**
 * A page of messages as the JSON of a `PollResponse`, joined from the bytes that are kept.
 * @param viewer The number of the user who reads.
 */
export function pageJson(
  store: MessageStore,
  ids: readonly number[],
  viewer: number,
  lastId: number,
  hasMore: boolean,
): Buffer {
  const tail = `],"last_id":${lastId},"has_more":${hasMore}}`
  const page = Buffer.allocUnsafe(head.length + store.sizeOf(ids) + tail.length)
  const start = page.write(head, 'latin1')
  const end = store.copy(ids, viewer, page, start)
  // The last message has a comma behind it, too.
  const close = ids.length > 0 ? end - 1 : end
  return page.subarray(0, close + page.write(tail, close, 'latin1'))
}
