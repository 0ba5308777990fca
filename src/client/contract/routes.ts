// Written by `npm run openapi`, from the contract.

/** The method and the path of each operation. */
export const routes = {
  /**
   * Claim a name.
   *
   * Without a password the name is a guest's: it is claimed until logout, or until the guest has been idle for long (`CHATROOM_GUEST_TTL`); in open mode anybody may use it. With a password it is an account: the name stays, is used with a token alone, and `login` opens further sessions.
   */
  register: ['POST', '/register'],
  /**
   * Open a session of an account.
   *
   * Each login opens a session with a token of its own. Past the bound on sessions of one account, the oldest ends.
   */
  login: ['POST', '/login'],
  /**
   * Set my password.
   *
   * A guest that sets one becomes an account, where accounts may register: it keeps its name, its rooms and its messages, and from then on the name is used with a token alone. An account says its present password, too. All sessions end but that of the request's token.
   */
  updateUser: ['PATCH', '/users/{username}'],
  /**
   * List who is online.
   *
   * Guests, and accounts with a session; `presence` says who of them is connected. In token mode it asks for a token.
   */
  listOnlineUsers: ['GET', '/online'],
  /**
   * List my sessions.
   *
   * Those of the user of the token: where it is logged in. No token is shown.
   */
  listSessions: ['GET', '/sessions'],
  /**
   * End all of my sessions.
   *
   * Or all others, for who has left a device somewhere.
   */
  endSessions: ['DELETE', '/sessions'],
  /**
   * Get a ticket for a live connection.
   *
   * For a page in a browser, whose WebSocket and EventSource send no headers: what stands in a URL may stand in the log of a proxy, so it gives a ticket there instead of its token. The connection is then one of the session that the ticket was made for.
   */
  createTicket: ['POST', '/tickets'],
  /**
   * End one of my sessions.
   *
   * Its token is good for nothing any more, and its live connections are closed. That of the token itself may be ended, too.
   */
  endSession: ['DELETE', '/sessions/{session_id}'],
  /**
   * Log out.
   *
   * A guest leaves all rooms, with a notice in each, and the name is free. Of an account it ends the session of the token alone.
   */
  logout: ['POST', '/logout'],
  /**
   * Send a message to a user or a room.
   *
   * A direct message goes to a registered user: a guest who is online, or an account, which finds it later if it is away. A message to a room comes from a member. When the answer is success, the message has its place in the order and is not lost.
   */
  sendMessage: ['POST', '/send'],
  /**
   * Change what a message says.
   *
   * Whoever has sent a message may change its text, as long as the message can be read: nobody sees the one before from then on. Those who may read it are told by `message.edited`; a poll does not give it again.
   */
  editMessage: ['PATCH', '/messages/{id}'],
  /**
   * Delete what a message says.
   *
   * Whoever has sent a message, or is the admin of its room, may delete its text: it is gone from memory and disk, and from backups that are made from then on. The message keeps its place and says `deleted_at`. Those who may read it are told by `message.deleted`. To delete it again changes nothing. The token says who asks; in open mode a guest may say its `username` instead.
   */
  deleteMessage: ['DELETE', '/messages/{id}'],
  /**
   * Read back in a conversation.
   *
   * The messages of a room, or what the user and another user have said to each other: the latest, without anything else. For older ones, ask with the id of the first as `before_id`; one of `before_id`, `after_id` and `around_id` at most. The token says who asks; in open mode a guest may say its `username` instead.
   */
  listConversationMessages: ['GET', '/conversations/{recipient}/messages'],
  /**
   * Get messages since the last one seen.
   *
   * The messages addressed to the user, and those of the rooms that the user is in now, the user's own among them. A direct message is seen here by its recipient alone. Ask again with the `last_id` of the answer; with `wait`, the answer is held until there is a message or the time is over, 45 seconds at most, so that proxies let it through.
   */
  pollMessages: ['GET', '/messages'],
  /**
   * Create a room.
   *
   * Puts the admin and the participants into a new room, and posts a notice to it as `server`. `visibility` is `private` unless it says otherwise. With `retention`, messages are deleted after so many days.
   */
  createRoom: ['POST', '/create_room'],
  /**
   * Leave a room.
   *
   * The others read a notice. When the admin leaves, the member who has been in the room the longest becomes its admin; when the last member leaves, the room is gone.
   */
  leaveRoom: ['POST', '/leave_room'],
  /**
   * Listen to Server-Sent Events.
   *
   * The same events as on the WebSocket: as a stream (WHATWG HTML, "Server-sent events"), in which `data` is an `Event` and `id` its `event_id`; or, for a client that asks with `wait`, or whose `Accept` prefers JSON or names both alike, as a long poll. Whom to listen as is the user of the token; in open mode a guest may say its `username` instead. A page in a browser, whose WebSocket and EventSource send no headers, gives a ticket, which `POST /tickets` makes. Or it gives its token: as `access_token`, which no log of the server shows, or as a subprotocol of the WebSocket: `new WebSocket(url, ['chatroom', 'bearer.…'])`.
   *
   * With `last_event_id`, the latest that the client has, it begins with all that came after it, each once and in order, and goes on live without a gap. Where another node has given it, and this one has not come there yet, it waits for that, 5 seconds at most. If it is too long ago, or no cursor of this server, there is one `resync` instead. An `EventSource` says `Last-Event-ID` by itself, and a polyfill of it `lastEventId` in the query; either goes before `last_event_id`.
   */
  streamEvents: ['GET', '/events'],
  /**
   * Say that you are typing.
   *
   * Tells those who listen in the room, or the recipient, and nobody else; nothing is kept. It is over by itself after a few seconds, so say it again as long as it is so. More often than every other second, and more than a few at once in one conversation, are not passed on.
   */
  sendTyping: ['POST', '/conversations/{recipient}/typing'],
  /**
   * Get the announcement.
   *
   * The text of the file that the operator keeps (`CHATROOM_ANNOUNCEMENT`), followed while the server runs.
   */
  getAnnouncement: ['GET', '/announcement'],
  /**
   * Set the announcement.
   *
   * Writes the file that the operator keeps (`CHATROOM_ANNOUNCEMENT`), and tells everybody who listens (`announcement.updated`). Where the server may not write the file, it keeps the text itself, until the file says something else.
   */
  setAnnouncement: ['PUT', '/announcement'],
  /**
   * Ask whether the process is alive.
   *
   * For a supervisor: no success here means that the process should be restarted.
   */
  getHealth: ['GET', '/health'],
  /**
   * Ask whether the server can take requests.
   *
   * For a load balancer: no success here means that requests should go to another server. `not_caught_up` says how far a node is behind the others.
   */
  getReadiness: ['GET', '/ready'],
} as const

/** Those that may say `after_event_id`. */
export const reads: readonly string[] = [
  'listOnlineUsers',
  'listSessions',
  'listConversationMessages',
  'pollMessages',
  'getAnnouncement',
  'getReadiness',
]
