/** What the documents are of. */
export const identity = { title: 'ChatRoom', version: '1.0.0' } as const

/** The tag of what both documents describe, each in its way. */
export const liveTag = { name: 'Live', description: 'Events as they happen, by WebSocket and Server-Sent Events.' }
