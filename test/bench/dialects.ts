import { clientFrame } from './frames.js'
import { stream, upgrade } from './requests.js'

/** How a server is spoken to, and how what it says is told apart by its beginning. */
export interface Dialect {
  /** What opens a connection of a user, which goes on behind the cursor if there is one. */
  request(username: string, cursor?: string): Buffer
  /** What is sent once it is open. */
  readonly opening?: Buffer
  /** Whether several of what comes may be in one frame, one a line. */
  readonly linesInFrames?: boolean
  readonly message: Buffer
  /** What says that the connection is told all from now on. */
  readonly ready: Buffer
  /** The answer to a frame that sends. */
  readonly ack: Buffer
  /** What must not come. */
  readonly failures: readonly Buffer[]
  /** What is to be answered at once, by which frame. */
  readonly replies: readonly { readonly to: Buffer; readonly frame: Buffer }[]
}

const eventOf = (type: string): Buffer => Buffer.from(`{"type":"${type}"`)

const chatRoom = {
  message: eventOf('message.created'),
  ready: eventOf('hello'),
  ack: eventOf('ack'),
  failures: ['error', 'resync', 'closing'].map(eventOf),
  replies: [],
}

const listening = (path: string, username: string, cursor?: string): string =>
  `${path}?username=${username}${cursor === undefined ? '' : `&last_event_id=${cursor}`}`

export const chatRoomSocket: Dialect = {
  ...chatRoom,
  request: (username, cursor) => upgrade(listening('/ws', username, cursor)),
}

export const chatRoomStream: Dialect = {
  ...chatRoom,
  request: (username, cursor) => stream(listening('/events', username, cursor)),
}

/** A frame that sends a message. */
export const chatRoomSend = (recipient: string, message: string): Buffer =>
  clientFrame(JSON.stringify({ type: 'send', recipient, message }))

/** Socket.IO's protocol 5 over Engine.IO's protocol 4: the digits are the types of their packets, then an id to answer. */
export const socketIo = (room: string): Dialect => ({
  request: (username) => upgrade(`/socket.io/?EIO=4&transport=websocket&username=${username}`),
  message: Buffer.from('42["message"'),
  ready: Buffer.from('430'),
  ack: Buffer.from('431'),
  failures: [Buffer.from('1'), Buffer.from('41'), Buffer.from('44')],
  replies: [
    { to: Buffer.from('0'), frame: clientFrame('40') },
    { to: Buffer.from('40'), frame: clientFrame(`420${JSON.stringify(['join', room])}`) },
    { to: Buffer.from('2'), frame: clientFrame('3') },
  ],
})

/** A message as an event with an answer. */
export const socketIoSend = (recipient: string, message: string): Buffer =>
  clientFrame(`421${JSON.stringify(['send', { recipient, message }])}`)
