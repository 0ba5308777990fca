// Written by `npm run openapi`, from the contract.

export interface paths {
    "/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim a name
         * @description Without a password the name is a guest's: it is claimed until logout, or until the guest has been idle for long (`CHATROOM_GUEST_TTL`); in open mode anybody may use it. With a password it is an account: the name stays, is used with a token alone, and `login` opens further sessions.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a session of an account
         * @description Each login opens a session with a token of its own. Past the bound on sessions of one account, the oldest ends.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Set my password
         * @description A guest that sets one becomes an account, where accounts may register: it keeps its name, its rooms and its messages, and from then on the name is used with a token alone. An account says its present password, too. All sessions end but that of the request's token.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/online": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who is online
         * @description Guests, and accounts with a session; `presence` says who of them is connected. In token mode it asks for a token.
         */
        get: operations["listOnlineUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my sessions
         * @description Those of the user of the token: where it is logged in. No token is shown.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /**
         * End all of my sessions
         * @description Or all others, for who has left a device somewhere.
         */
        delete: operations["endSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a ticket for a live connection
         * @description For a page in a browser, whose WebSocket and EventSource send no headers: what stands in a URL may stand in the log of a proxy, so it gives a ticket there instead of its token. The connection is then one of the session that the ticket was made for.
         */
        post: operations["createTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of my sessions
         * @description Its token is good for nothing any more, and its live connections are closed. That of the token itself may be ended, too.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description A guest leaves all rooms, with a notice in each, and the name is free. Of an account it ends the session of the token alone.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to a user or a room
         * @description A direct message goes to a registered user: a guest who is online, or an account, which finds it later if it is away. A message to a room comes from a member. When the answer is success, the message has its place in the order and is not lost.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete what a message says
         * @description Whoever has sent a message, or is the admin of its room, may delete its text: it is gone from memory and disk, and from backups that are made from then on. The message keeps its place and says `deleted_at`. Those who may read it are told by `message.deleted`. To delete it again changes nothing. The token says who asks; in open mode a guest may say its `username` instead.
         */
        delete: operations["deleteMessage"];
        options?: never;
        head?: never;
        /**
         * Change what a message says
         * @description Whoever has sent a message may change its text, as long as the message can be read: nobody sees the one before from then on. Those who may read it are told by `message.edited`; a poll does not give it again.
         */
        patch: operations["editMessage"];
        trace?: never;
    };
    "/conversations/{recipient}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read back in a conversation
         * @description The messages of a room, or what the user and another user have said to each other: the latest, without anything else. For older ones, ask with the id of the first as `before_id`; one of `before_id`, `after_id` and `around_id` at most. The token says who asks; in open mode a guest may say its `username` instead.
         */
        get: operations["listConversationMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get messages since the last one seen
         * @description The messages addressed to the user, and those of the rooms that the user is in now, the user's own among them. A direct message is seen here by its recipient alone. Ask again with the `last_id` of the answer; with `wait`, the answer is held until there is a message or the time is over, 45 seconds at most, so that proxies let it through.
         */
        get: operations["pollMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/create_room": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a room
         * @description Puts the admin and the participants into a new room, and posts a notice to it as `server`. `visibility` is `private` unless it says otherwise. With `retention`, messages are deleted after so many days.
         */
        post: operations["createRoom"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leave_room": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave a room
         * @description The others read a notice. When the admin leaves, the member who has been in the room the longest becomes its admin; when the last member leaves, the room is gone.
         */
        post: operations["leaveRoom"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Listen and speak on a WebSocket
         * @description Each message is one JSON object: an `Event` or an answer from the server, a frame from the client. The frames and the codes that it is closed with are in [asyncapi.json](asyncapi.json). They have a subprotocol, `chatroom`, for clients that ask for one; no other is spoken. Whom to listen as is the user of the token; in open mode a guest may say its `username` instead. A page in a browser, whose WebSocket and EventSource send no headers, gives a ticket, which `POST /tickets` makes. Or it gives its token: as `access_token`, which no log of the server shows, or as a subprotocol of the WebSocket: `new WebSocket(url, ['chatroom', 'bearer.…'])`.
         *
         *     With `last_event_id`, the latest that the client has, it begins with all that came after it, each once and in order, and goes on live without a gap. Where another node has given it, and this one has not come there yet, it waits for that, 5 seconds at most. If it is too long ago, or no cursor of this server, there is one `resync` instead.
         */
        get: operations["connectLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Listen to Server-Sent Events
         * @description The same events as on the WebSocket: as a stream (WHATWG HTML, "Server-sent events"), in which `data` is an `Event` and `id` its `event_id`; or, for a client that asks with `wait`, or whose `Accept` prefers JSON or names both alike, as a long poll. Whom to listen as is the user of the token; in open mode a guest may say its `username` instead. A page in a browser, whose WebSocket and EventSource send no headers, gives a ticket, which `POST /tickets` makes. Or it gives its token: as `access_token`, which no log of the server shows, or as a subprotocol of the WebSocket: `new WebSocket(url, ['chatroom', 'bearer.…'])`.
         *
         *     With `last_event_id`, the latest that the client has, it begins with all that came after it, each once and in order, and goes on live without a gap. Where another node has given it, and this one has not come there yet, it waits for that, 5 seconds at most. If it is too long ago, or no cursor of this server, there is one `resync` instead. An `EventSource` says `Last-Event-ID` by itself, and a polyfill of it `lastEventId` in the query; either goes before `last_event_id`.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{recipient}/typing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that you are typing
         * @description Tells those who listen in the room, or the recipient, and nobody else; nothing is kept. It is over by itself after a few seconds, so say it again as long as it is so. More often than every other second, and more than a few at once in one conversation, are not passed on.
         */
        post: operations["sendTyping"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/announcement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the announcement
         * @description The text of the file that the operator keeps (`CHATROOM_ANNOUNCEMENT`), followed while the server runs.
         */
        get: operations["getAnnouncement"];
        /**
         * Set the announcement
         * @description Writes the file that the operator keeps (`CHATROOM_ANNOUNCEMENT`), and tells everybody who listens (`announcement.updated`). Where the server may not write the file, it keeps the text itself, until the file says something else.
         */
        put: operations["setAnnouncement"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask whether the process is alive
         * @description For a supervisor: no success here means that the process should be restarted.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask whether the server can take requests
         * @description For a load balancer: no success here means that requests should go to another server. `not_caught_up` says how far a node is behind the others.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Format: username
         * @description Letters and digits of any script, `.`, `_`, `-` and single inner spaces, in Unicode form NFC, at most 10 marks behind one letter. Two names that differ only in case or in compatibility form are the same name. Not `server`, and not beginning with `room_`, nor what looks like that.
         * @example alice
         * @example Zoë
         * @example 李小龙
         */
        Username: string;
        /**
         * @description `room_` and a number that is never used twice.
         * @example room_1
         */
        RoomId: string;
        /**
         * Format: username
         * @description A username for a direct message, or a room id.
         * @example alice
         * @example room_1
         */
        Recipient: string;
        /**
         * @description The username of the sender; `server` for a notice.
         * @example alice
         * @example server
         */
        Sender: string;
        /**
         * Format: int64
         * @description From 1, in the order in which the server accepted the messages. There are no gaps but one kind: after a backup has been brought back, ids go on 1,000,000,000,000 later, so that none is used twice.
         * @example 42
         */
        MessageId: number;
        /**
         * Format: date-time
         * @description RFC 3339, UTC, with milliseconds.
         * @example 2026-11-22T12:00:00.000Z
         */
        Time: string;
        /**
         * Format: text
         * @description Chosen by the client, to make a retry safe: a repeat by the same user with the same content answers what the first one did and sends nothing again; with other content it is 409 `client_id_reused`.
         * @example 7f3c2a9e-1
         */
        ClientId: string;
        /**
         * @description A cursor: a place in the order of events. To clients it is a text without meaning.
         * @example 5f0c2a1e-42
         */
        EventId: string;
        /**
         * @description 256 random bits. Send it as `Authorization: Bearer …`. The server keeps only its SHA-256; nobody can show it again.
         * @example qL8TnD0kQv3cBz5m1y7RfWx2JhGp9uEoSaKi4tNdMsA
         */
        Token: string;
        /**
         * @description What has happened, for people.
         * @example Done.
         */
        Sentence: string;
        /**
         * @description Kept with the room; today every room has those alone who were put into it.
         * @example private
         * @enum {string}
         */
        Visibility: "private" | "public";
        /**
         * @description Days after which messages are deleted. Where the server keeps them for less, that holds.
         * @example 30
         */
        Retention: number;
        /**
         * Format: text
         * @description Not blank; no control characters other than newline and tab; at most 10 marks behind one letter.
         * @example Hello, how are you?
         */
        MessageText: string;
        /**
         * @description Who is put into the room beside the admin, as usernames.
         * @example [
         *       "bob",
         *       "carol"
         *     ]
         */
        Participants: components["schemas"]["Username"][];
        /**
         * @description A message as its readers see it. `client_id` is there for its sender alone, `edited_at` if its text has been changed, `deleted_at` if it has been deleted: then there is no text any more.
         * @example {
         *       "id": 42,
         *       "sender": "alice",
         *       "recipient": "bob",
         *       "message": "Hello, how are you?",
         *       "sent_at": "2026-11-22T12:00:00.000Z"
         *     }
         */
        Message: {
            id: components["schemas"]["MessageId"];
            sender: components["schemas"]["Sender"];
            recipient: components["schemas"]["Recipient"];
            /** @description The text. */
            message: string;
            sent_at: components["schemas"]["Time"];
            client_id?: components["schemas"]["ClientId"];
            edited_at?: components["schemas"]["Time"];
            deleted_at?: components["schemas"]["Time"];
        };
        /**
         * @description What went wrong, for programs. Codes are never renamed; later versions have more. Treat one that you do not know by the HTTP status.
         *     - `invalid_request`: The input does not fit the schema; `details` says where and why.
         *     - `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
         *     - `username_reserved`: The username is `server` or begins with `room_`, which belong to the server, or looks as if it did.
         *     - `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
         *     - `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
         *     - `invalid_token`: The token is not one that the server gave out, or its session has ended.
         *     - `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
         *     - `invalid_ticket`: The ticket is not one that the server gave out, was used before, or is older than 30 seconds. Get another one.
         *     - `session_not_found`: The user has no session with that id.
         *     - `bad_credentials`: There is no account of that name, or the password is not its password.
         *     - `operator_required`: This is for the operator, whose token is `CHATROOM_OPERATOR_TOKEN`.
         *     - `not_your_name`: The token belongs to another user than the one that the request acts as.
         *     - `not_a_member`: The user is not a member of the room.
         *     - `not_allowed`: The user may not do that there; `message` says who may.
         *     - `registration_closed`: The server takes no new names of that kind, guests or accounts; `CHATROOM_REGISTRATION` says which it takes.
         *     - `origin_not_allowed`: The page is of an origin that `CHATROOM_CORS_ORIGIN` does not name.
         *     - `not_found`: There is nothing at this path.
         *     - `user_not_found`: Nobody is registered under that username; a guest who has logged out is gone.
         *     - `message_not_found`: There is no such message, or it is not for the user; one that is deleted cannot be changed.
         *     - `room_not_found`: There is no room with that id; a room that its last member has left is gone.
         *     - `method_not_allowed`: The path exists, but not with this method; `Allow` lists those that it has.
         *     - `request_timeout`: The request did not arrive in time.
         *     - `username_taken`: The username, or one that differs only in case or form, is in use.
         *     - `client_id_reused`: The `client_id` has been used by this user for a message with other content.
         *     - `changed_meanwhile`: The message was being changed by others at the same moment, again and again.
         *     - `too_many_rooms`: The user has made as many rooms as the server allows, or another is in as many rooms of others.
         *     - `too_many_participants`: The rooms that the user made would have more members together than the server allows; a guest may have fewer than an account.
         *     - `room_full`: The room would have more members than the server allows.
         *     - `payload_too_large`: The body is larger than the server accepts.
         *     - `uri_too_long`: A part of the path is longer than the server accepts.
         *     - `unsupported_media_type`: The body is not declared as `application/json`, or comes in a coding or a charset that is not read.
         *     - `unknown_host`: The server is not asked by that name; `CHATROOM_HOSTS` says by which it is.
         *     - `upgrade_required`: This is a WebSocket; connect to it with one.
         *     - `too_many_connections`: The user, or the address, has as many live connections as the server allows.
         *     - `rate_limited`: Too many requests of this client, or too many of its reads wait; `Retry-After` says how many seconds to wait.
         *     - `storage_used_up`: The user has stored as many bytes as the server allows for a day; `Retry-After` says how many seconds the day (UTC) has left.
         *     - `headers_too_large`: The headers, the path included, are larger than the server accepts.
         *     - `internal_error`: The server has failed; its log has the reason under the `x-request-id` of the answer.
         *     - `server_full`: The server has as many users, or its rooms as many members, as it allows.
         *     - `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
         *     - `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
         *     - `not_caught_up`: This node has not come to the `after_event_id` of the request within 5 seconds. Ask again, or ask another node.
         *     - `shutting_down`: The server is stopping; ask again, or ask another one.
         * @example room_not_found
         */
        ErrorCode: string;
        /**
         * @description One place in the input that does not fit the schema.
         * @example {
         *       "path": "/body/message",
         *       "message": "must not be blank"
         *     }
         */
        ErrorDetail: {
            /**
             * Format: json-pointer
             * @description Where in the input, as a JSON Pointer (RFC 6901) that begins with `/body`, `/query`, `/params` or `/frame`.
             */
            path: string;
            /** @description What is wrong there, for people. */
            message: string;
        };
        /**
         * @description A failure. The server's state is as it was before the request, except that nobody knows it after `outcome_unknown`.
         * @example {
         *       "status": "fail",
         *       "code": "room_not_found",
         *       "message": "There is no room \"room_7\"."
         *     }
         */
        Failure: {
            /**
             * @description Tells a failure from a success.
             * @enum {string}
             */
            status: "fail";
            code: components["schemas"]["ErrorCode"];
            /** @description What was wrong and what would be right, for people. */
            message: string;
            /** @description With `invalid_request`: each place that does not fit. */
            details?: components["schemas"]["ErrorDetail"][];
        };
        /**
         * @description The name to claim, with a password where it shall be an account.
         * @example {
         *       "username": "alice",
         *       "password": "correct horse battery staple"
         *     }
         * @example {
         *       "username": "bob"
         *     }
         */
        RegisterRequest: {
            username: components["schemas"]["Username"];
            /**
             * Format: well-formed
             * @description Makes an account rather than a guest.
             */
            password?: string;
        };
        /**
         * @description The account to log in to.
         * @example {
         *       "username": "alice",
         *       "password": "correct horse battery staple"
         *     }
         */
        LoginRequest: {
            username: components["schemas"]["Username"];
            /**
             * Format: well-formed
             * @description The password that the account was registered with.
             */
            password: string;
        };
        /**
         * @description The user to log out. The token says who asks; in open mode a guest may say its `username` instead.
         * @example {
         *       "username": "alice"
         *     }
         */
        LogoutRequest: {
            username?: components["schemas"]["Username"];
        };
        /**
         * @description A session that is open now, with its token.
         * @example {
         *       "status": "success",
         *       "message": "alice is registered.",
         *       "username": "alice",
         *       "token": "qL8TnD0kQv3cBz5m1y7RfWx2JhGp9uEoSaKi4tNdMsA",
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        SessionResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            message: components["schemas"]["Sentence"];
            username: components["schemas"]["Username"];
            token: components["schemas"]["Token"];
            /**
             * @description Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.
             * @example 5f0c2a1e-42
             */
            event_id?: string;
        };
        /**
         * @description What was asked has happened.
         * @example {
         *       "status": "success",
         *       "message": "alice is logged out.",
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        DoneResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            message: components["schemas"]["Sentence"];
            /**
             * @description Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.
             * @example 5f0c2a1e-42
             */
            event_id?: string;
        };
        /**
         * @description A page of those who are online.
         * @example {
         *       "status": "success",
         *       "online_users": [
         *         "alice",
         *         "bob"
         *       ],
         *       "has_more": false,
         *       "presence": [
         *         "bob"
         *       ]
         *     }
         */
        OnlineResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            /** @description Sorted, without regard to case. */
            online_users: components["schemas"]["Username"][];
            /** @description Whether there are names after these. */
            has_more: boolean;
            /** @description Those among them who are connected: they have a live connection, or had one until a moment ago. */
            presence: components["schemas"]["Username"][];
        };
        /**
         * @description A message, and where it goes. The token says who asks; in open mode a guest may say its `sender` instead.
         * @example {
         *       "sender": "alice",
         *       "recipient": "alice",
         *       "message": "A note to myself"
         *     }
         * @example {
         *       "sender": "alice",
         *       "recipient": "bob",
         *       "message": "Hello, how are you?"
         *     }
         * @example {
         *       "sender": "alice",
         *       "recipient": "room_1",
         *       "message": "Hello room!",
         *       "client_id": "7f3c2a9e-1"
         *     }
         */
        SendRequest: {
            sender?: components["schemas"]["Username"];
            recipient: components["schemas"]["Recipient"];
            message: components["schemas"]["MessageText"];
            client_id?: components["schemas"]["ClientId"];
        };
        /**
         * @description The message has its place in the order.
         * @example {
         *       "status": "success",
         *       "message": "Message sent to bob.",
         *       "message_id": 42,
         *       "sent_at": "2026-11-22T12:00:00.000Z",
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        SendResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            message: components["schemas"]["Sentence"];
            message_id: components["schemas"]["MessageId"];
            sent_at: components["schemas"]["Time"];
            client_id?: components["schemas"]["ClientId"];
            /**
             * @description Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.
             * @example 5f0c2a1e-42
             */
            event_id?: string;
        };
        /**
         * @description A page of messages. Ask again with its `last_id`.
         * @example {
         *       "status": "success",
         *       "messages": [
         *         {
         *           "id": 42,
         *           "sender": "alice",
         *           "recipient": "bob",
         *           "message": "Hello, how are you?",
         *           "sent_at": "2026-11-22T12:00:00.000Z"
         *         }
         *       ],
         *       "last_id": 42,
         *       "has_more": false
         *     }
         */
        PollResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            /** @description Oldest first. */
            messages: components["schemas"]["Message"][];
            /**
             * Format: int64
             * @description What to ask with next; the `last_id` of the request if there is no message.
             */
            last_id: number;
            /** @description Whether there are messages after these. */
            has_more: boolean;
        };
        /**
         * @description What the message says from now on. The token says who asks; in open mode a guest may say its `username` instead.
         * @example {
         *       "username": "alice",
         *       "message": "Hello, Bob!"
         *     }
         */
        EditMessageRequest: {
            username?: components["schemas"]["Username"];
            message: components["schemas"]["MessageText"];
        };
        /**
         * @description The message as it is now.
         * @example {
         *       "status": "success",
         *       "message": {
         *         "id": 42,
         *         "sender": "alice",
         *         "recipient": "bob",
         *         "message": "Hello, Bob!",
         *         "sent_at": "2026-11-22T12:00:00.000Z",
         *         "edited_at": "2026-11-22T12:00:00.000Z"
         *       },
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        MessageResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            message: components["schemas"]["Message"];
            /**
             * @description Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.
             * @example 5f0c2a1e-42
             */
            event_id?: string;
        };
        /**
         * @description A page of a conversation.
         * @example {
         *       "status": "success",
         *       "messages": [
         *         {
         *           "id": 42,
         *           "sender": "alice",
         *           "recipient": "bob",
         *           "message": "Hello, how are you?",
         *           "sent_at": "2026-11-22T12:00:00.000Z"
         *         }
         *       ],
         *       "has_more": false
         *     }
         */
        ConversationMessages: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            /** @description Oldest first. */
            messages: components["schemas"]["Message"][];
            /** @description Whether there are more in the direction that was asked for: older ones, but for `after_id`. */
            has_more: boolean;
            /** @description With `around_id`: whether there are newer ones, too. */
            has_newer?: boolean;
        };
        /**
         * @description Names a session; it is no token.
         * @example Vx3nQk8cZp1y7RfWx2JhGp
         */
        SessionId: string;
        /**
         * @description A session of the caller.
         * @example {
         *       "session_id": "Vx3nQk8cZp1y7RfWx2JhGp",
         *       "device": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         *       "opened_at": "2026-11-22T12:00:00.000Z",
         *       "used_at": "2026-11-23T07:00:00.000Z",
         *       "is_current": true
         *     }
         */
        Session: {
            session_id: components["schemas"]["SessionId"];
            /**
             * @description What the program that opened it says of itself in `User-Agent`, as far as that is known.
             * @example Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
             */
            device?: string;
            /**
             * Format: date-time
             * @description When it was opened; not known of those of version 0.2.0.
             */
            opened_at?: string;
            /**
             * Format: date-time
             * @description When it was last used, to within an hour; not known of those of version 0.2.0.
             */
            used_at?: string;
            /** @description Whether it is that of the token of the request. */
            is_current: boolean;
        };
        /**
         * @description The sessions of the caller.
         * @example {
         *       "status": "success",
         *       "sessions": [
         *         {
         *           "session_id": "Vx3nQk8cZp1y7RfWx2JhGp",
         *           "used_at": "2026-11-23T07:00:00.000Z",
         *           "is_current": true
         *         }
         *       ]
         *     }
         */
        SessionList: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            /** @description The one that was opened first is the first. */
            sessions: components["schemas"]["Session"][];
        };
        /**
         * @description Sessions have ended.
         * @example {
         *       "status": "success",
         *       "message": "2 sessions have ended.",
         *       "count": 2,
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        EndedSessions: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            message: components["schemas"]["Sentence"];
            /** @description How many have ended. */
            count: number;
            /**
             * @description Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.
             * @example 5f0c2a1e-42
             */
            event_id?: string;
        };
        /**
         * @description Who is known by a name.
         * @example {
         *       "username": "alice",
         *       "is_guest": false
         *     }
         */
        User: {
            username: components["schemas"]["Username"];
            /** @description Whether the name is claimed for a while only; an account keeps its name. */
            is_guest: boolean;
        };
        /**
         * @description What is to be another.
         * @example {
         *       "password": "correct horse battery staple",
         *       "current_password": "correct horse battery staple"
         *     }
         * @example {
         *       "password": "correct horse battery staple"
         *     }
         */
        UpdateUserRequest: {
            /**
             * Format: well-formed
             * @description The password from now on. With it a guest becomes an account, and keeps name, rooms and messages.
             */
            password: string;
            /**
             * Format: well-formed
             * @description The password until now; an account has to say it.
             */
            current_password?: string;
        };
        /**
         * @description The user as it is now.
         * @example {
         *       "status": "success",
         *       "user": {
         *         "username": "alice",
         *         "is_guest": false
         *       },
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        UserResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            user: components["schemas"]["User"];
            /**
             * @description Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.
             * @example 5f0c2a1e-42
             */
            event_id?: string;
        };
        /**
         * @description A ticket for one live connection.
         * @example {
         *       "status": "success",
         *       "ticket": "Zk4tNdMsAqL8TnD0kQv3cBz5m1y7RfWx2JhGp9uEoSa",
         *       "expires_at": "2026-11-22T12:00:30.000Z",
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        TicketResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            /** @description Good once, for 30 seconds, as `ticket` in the query of `/ws` and `/events`. */
            ticket: string;
            /**
             * Format: date-time
             * @description Until when it is good, if it is not used.
             */
            expires_at: string;
            /**
             * @description Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.
             * @example 5f0c2a1e-42
             */
            event_id?: string;
        };
        /**
         * @description The room, and who is in it. The token says who asks; in open mode a guest may say its `admin` instead.
         * @example {
         *       "admin": "alice",
         *       "participants": []
         *     }
         * @example {
         *       "admin": "alice",
         *       "participants": [
         *         "bob",
         *         "carol"
         *       ]
         *     }
         */
        CreateRoomRequest: {
            admin?: components["schemas"]["Username"];
            participants: components["schemas"]["Participants"];
            /**
             * Format: text
             * @description What people call the room.
             * @example Friends
             */
            name?: string;
            /**
             * Format: text
             * @description What the room is about.
             * @example What we do on Friday
             */
            topic?: string;
            visibility?: components["schemas"]["Visibility"];
            retention?: components["schemas"]["Retention"];
        };
        /**
         * @description The room that is there now.
         * @example {
         *       "status": "success",
         *       "message": "Room 1 has been created.",
         *       "room_id": "room_1",
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        CreateRoomResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            message: components["schemas"]["Sentence"];
            room_id: components["schemas"]["RoomId"];
            /**
             * @description Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.
             * @example 5f0c2a1e-42
             */
            event_id?: string;
        };
        /**
         * @description Who leaves which room. The token says who asks; in open mode a guest may say its `username` instead.
         * @example {
         *       "username": "alice",
         *       "room_id": "room_1"
         *     }
         */
        LeaveRoomRequest: {
            username?: components["schemas"]["Username"];
            room_id: components["schemas"]["RoomId"];
        };
        /**
         * @description A room as its members see it.
         * @example {
         *       "room_id": "room_1",
         *       "visibility": "private",
         *       "admin": "alice",
         *       "member_count": 3
         *     }
         */
        Room: {
            room_id: components["schemas"]["RoomId"];
            /**
             * @description What people call the room.
             * @example Friends
             */
            name?: string;
            /**
             * @description What the room is about.
             * @example What we do on Friday
             */
            topic?: string;
            /**
             * @description Who may find and join the room.
             * @example private
             */
            visibility: string;
            admin: components["schemas"]["Username"];
            /**
             * @description How many are in the room.
             * @example 3
             */
            member_count: number;
        };
        /**
         * @description Whether the user has a live connection, or had one until a moment ago.
         * @example connected
         */
        PresenceState: string;
        /**
         * @description A user, and whether the user is connected.
         * @example {
         *       "username": "alice",
         *       "presence": "connected"
         *     }
         */
        UserPresence: {
            username: components["schemas"]["Username"];
            presence: components["schemas"]["PresenceState"];
        };
        /**
         * @description A large room, and how many of its members are connected.
         * @example {
         *       "room_id": "room_1",
         *       "connected": 9876
         *     }
         */
        RoomPresence: {
            room_id: components["schemas"]["RoomId"];
            /**
             * @description How many members of the room are connected.
             * @example 9876
             */
            connected: number;
        };
        /**
         * @description The first event of a connection, whether it is the first or the client has come back. It goes on behind `event_id`.
         * @example {
         *       "type": "hello",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "username": "bob",
         *       "heartbeat_seconds": 15,
         *       "connected": [
         *         "alice"
         *       ],
         *       "rooms": []
         *     }
         */
        HelloEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "hello";
            event_id: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
            username: components["schemas"]["Username"];
            /**
             * @description The pace of the heartbeat. Where nothing comes for two of them, the connection is dead.
             * @example 15
             */
            heartbeat_seconds: number;
            /**
             * @description Who is connected now, of those of whom `presence` is told; all others of them are not. Of a user who is in very many rooms, not all of these are looked at.
             * @example [
             *       "alice"
             *     ]
             */
            connected: components["schemas"]["Username"][];
            /** @description How many are connected in the rooms of more than 100 members, as it was told last. */
            rooms: components["schemas"]["RoomPresence"][];
        };
        /**
         * @description The cursor is too old, or of a log that is gone: events are missing. Read what you show anew, by `GET /messages` from the last message that you have; the connection goes on behind `event_id`.
         * @example {
         *       "type": "resync",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z"
         *     }
         */
        ResyncEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "resync";
            event_id: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
        };
        /**
         * @description A message, to whoever may read it: the members of the room; of a direct message, its recipient and, on all devices, its sender.
         * @example {
         *       "type": "message.created",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "message": {
         *         "id": 42,
         *         "sender": "alice",
         *         "recipient": "bob",
         *         "message": "Hello, how are you?",
         *         "sent_at": "2026-11-22T12:00:00.000Z"
         *       }
         *     }
         */
        MessageCreatedEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "message.created";
            event_id: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
            message: components["schemas"]["Message"];
        };
        /**
         * @description A message says something else, to whoever may read it. It is as it is now, also where it has been changed again since.
         * @example {
         *       "type": "message.edited",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "message": {
         *         "id": 42,
         *         "sender": "alice",
         *         "recipient": "bob",
         *         "message": "Hello, Bob!",
         *         "sent_at": "2026-11-22T12:00:00.000Z",
         *         "edited_at": "2026-11-22T12:00:00.000Z"
         *       }
         *     }
         */
        MessageEditedEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "message.edited";
            event_id: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
            message: components["schemas"]["Message"];
        };
        /**
         * @description A message says nothing any more, to whoever may read it. It has its place still, without its text.
         * @example {
         *       "type": "message.deleted",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "message": {
         *         "id": 42,
         *         "sender": "alice",
         *         "recipient": "room_1",
         *         "message": "",
         *         "sent_at": "2026-11-22T12:00:00.000Z",
         *         "deleted_at": "2026-11-22T12:00:00.000Z"
         *       }
         *     }
         */
        MessageDeletedEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "message.deleted";
            event_id: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
            message: components["schemas"]["Message"];
        };
        /**
         * @description A room, to all who were put into it.
         * @example {
         *       "type": "room.created",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "room": {
         *         "room_id": "room_1",
         *         "visibility": "private",
         *         "admin": "alice",
         *         "member_count": 3
         *       }
         *     }
         */
        RoomCreatedEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "room.created";
            event_id: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
            room: components["schemas"]["Room"];
        };
        /**
         * @description A room that is not as it was, to its members: it has another admin, since the last one has left.
         * @example {
         *       "type": "room.updated",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "room": {
         *         "room_id": "room_1",
         *         "visibility": "private",
         *         "admin": "bob",
         *         "member_count": 2
         *       }
         *     }
         */
        RoomUpdatedEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "room.updated";
            event_id: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
            room: components["schemas"]["Room"];
        };
        /**
         * @description Somebody has left a room: to the members, and to whoever has left, on all devices.
         * @example {
         *       "type": "member.left",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "room_id": "room_1",
         *       "username": "alice"
         *     }
         */
        MemberLeftEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "member.left";
            event_id: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
            room_id: components["schemas"]["RoomId"];
            username: components["schemas"]["Username"];
        };
        /**
         * @description The announcement has changed; to everybody.
         * @example {
         *       "type": "announcement.updated",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "announcement": "Welcome to ChatRoom."
         *     }
         */
        AnnouncementUpdatedEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "announcement.updated";
            event_id: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
            /** @description The text of the announcement, without the white space around it. */
            announcement: string;
        };
        /**
         * @description Somebody is typing: to the other members of the room, or to the recipient.
         * @example {
         *       "type": "typing",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "username": "alice",
         *       "recipient": "bob",
         *       "seconds": 6
         *     }
         */
        TypingEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "typing";
            at: components["schemas"]["Time"];
            username: components["schemas"]["Username"];
            recipient: components["schemas"]["Recipient"];
            /**
             * @description It is over after so long, unless there is another one. The server does not say that it is over.
             * @example 6
             */
            seconds: number;
        };
        /**
         * @description Who has come or gone, gathered for a moment: to those who share a room with them, or have exchanged direct messages with them lately. Of a room of more than 100 members only the number is told, as `room_id` and `connected`.
         * @example {
         *       "type": "presence",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "users": [
         *         {
         *           "username": "alice",
         *           "presence": "connected"
         *         }
         *       ]
         *     }
         */
        PresenceEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "presence";
            at: components["schemas"]["Time"];
            /** @description Who has come or gone. */
            users: components["schemas"]["UserPresence"][];
            room_id?: components["schemas"]["RoomId"];
            /**
             * @description How many members of the room are connected.
             * @example 9876
             */
            connected?: number;
        };
        /**
         * @description The last event of a stream that the server ends. A WebSocket says the same in its close frame instead.
         * @example {
         *       "type": "closing",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "code": 4000,
         *       "reason": "going_down",
         *       "reconnect": true
         *     }
         */
        ClosingEvent: {
            /**
             * @description Which event it is.
             * @enum {string}
             */
            type: "closing";
            at: components["schemas"]["Time"];
            /**
             * @description The code that a WebSocket is closed with.
             * @example 4000
             */
            code: number;
            /**
             * @description Its name.
             * @example going_down
             */
            reason: string;
            /** @description Whether to come back, with the cursor. */
            reconnect: boolean;
        };
        /**
         * @description An event of a type that the document does not have: from a server that is newer. Remember its `event_id`, if it has one, and pass over the rest.
         * @example {
         *       "type": "message.pinned",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z"
         *     }
         */
        UnknownEvent: {
            /**
             * @description Which event it is. Later versions have more types.
             * @example message.pinned
             */
            type: string;
            event_id?: components["schemas"]["EventId"];
            at: components["schemas"]["Time"];
        };
        /**
         * @description What happens, as it is told live. Those with an `event_id` are in the log: come back with the latest as `last_event_id`, and you get all that came after it. Later versions have more types; to a client that does not know one it is an `UnknownEvent`.
         * @example {
         *       "type": "message.created",
         *       "event_id": "5f0c2a1e-42",
         *       "at": "2026-11-22T12:00:00.000Z",
         *       "message": {
         *         "id": 42,
         *         "sender": "alice",
         *         "recipient": "bob",
         *         "message": "Hello, how are you?",
         *         "sent_at": "2026-11-22T12:00:00.000Z"
         *       }
         *     }
         */
        Event: components["schemas"]["HelloEvent"] | components["schemas"]["ResyncEvent"] | components["schemas"]["MessageCreatedEvent"] | components["schemas"]["MessageEditedEvent"] | components["schemas"]["MessageDeletedEvent"] | components["schemas"]["RoomCreatedEvent"] | components["schemas"]["RoomUpdatedEvent"] | components["schemas"]["MemberLeftEvent"] | components["schemas"]["AnnouncementUpdatedEvent"] | components["schemas"]["TypingEvent"] | components["schemas"]["PresenceEvent"] | components["schemas"]["ClosingEvent"];
        /**
         * @description Ask again with this `event_id` as `last_event_id`.
         * @example {
         *       "status": "success",
         *       "events": [],
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        EventsResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            /** @description In order. Without a cursor it begins with `hello`. */
            events: components["schemas"]["Event"][];
            event_id: components["schemas"]["EventId"];
        };
        /**
         * @description Who is typing. The token says who asks; in open mode a guest may say its `username` instead.
         * @example {
         *       "username": "alice"
         *     }
         */
        TypingRequest: {
            username?: components["schemas"]["Username"];
        };
        /**
         * @description The announcement as it shall be.
         * @example {
         *       "announcement": "Welcome to ChatRoom."
         *     }
         */
        AnnouncementRequest: {
            /**
             * Format: well-formed
             * @description The text; it may be empty.
             */
            announcement: string;
        };
        /**
         * @description The announcement as it is.
         * @example {
         *       "status": "success",
         *       "announcement": "Welcome to ChatRoom.",
         *       "event_id": "5f0c2a1e-42"
         *     }
         */
        AnnouncementResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            /** @description The text of the announcement, without the white space around it. */
            announcement: string;
            /**
             * @description Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.
             * @example 5f0c2a1e-42
             */
            event_id?: string;
        };
        /**
         * @description It is as it should be.
         * @example {
         *       "status": "success",
         *       "client_address": "203.0.113.7"
         *     }
         */
        HealthResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            /** @description The address that the server sees the caller at, by which allowances are counted: that of a proxy, where the server does not believe what the proxy says. */
            client_address?: string;
        };
        /**
         * @description It can take requests.
         * @example {
         *       "status": "success",
         *       "log": {
         *         "replicas": 3,
         *         "sync": "always"
         *       }
         *     }
         */
        ReadinessResult: {
            /**
             * @description Tells a success from a failure.
             * @enum {string}
             */
            status: "success";
            /** @description What the NATS servers promise for the log, where they keep it (`CHATROOM_NATS_URL`). */
            log?: {
                /** @description How many servers keep it. */
                replicas: number;
                /** @description When they put what they have acknowledged onto their disks: before (`always`), now and then (`interval`), or they did not say. */
                sync: string;
            };
        };
    };
    responses: {
        /** @description Any other failure. Later versions may have more of them: go by the status, and show `message`. */
        OtherFailure: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `registration_closed`: The server takes no new names of that kind, guests or accounts; `CHATROOM_REGISTRATION` says which it takes. */
        RegistrationClosed: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `method_not_allowed`: The path exists, but not with this method; `Allow` lists those that it has. */
        MethodNotAllowed: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                Allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `request_timeout`: The request did not arrive in time. */
        RequestTimeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `username_taken`: The username, or one that differs only in case or form, is in use. */
        UsernameTaken: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `payload_too_large`: The body is larger than the server accepts. */
        PayloadTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `uri_too_long`: A part of the path is longer than the server accepts. */
        UriTooLong: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `unsupported_media_type`: The body is not declared as `application/json`, or comes in a coding or a charset that is not read. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `unknown_host`: The server is not asked by that name; `CHATROOM_HOSTS` says by which it is. */
        UnknownHost: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `rate_limited`: Too many requests of this client, or too many of its reads wait; `Retry-After` says how many seconds to wait. */
        RateLimited: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `headers_too_large`: The headers, the path included, are larger than the server accepts. */
        HeadersTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `internal_error`: The server has failed; its log has the reason under the `x-request-id` of the answer. */
        InternalError: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `bad_credentials`: There is no account of that name, or the password is not its password. */
        BadCredentials: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `user_not_found`: Nobody is registered under that username; a guest who has logged out is gone. */
        UserNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `not_your_name`: The token belongs to another user than the one that the request acts as. */
        NotYourName: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `session_not_found`: The user has no session with that id. */
        SessionNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `client_id_reused`: The `client_id` has been used by this user for a message with other content. */
        ClientIdReused: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `changed_meanwhile`: The message was being changed by others at the same moment, again and again. */
        ChangedMeanwhile: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `upgrade_required`: This is a WebSocket; connect to it with one. */
        UpgradeRequired: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `shutting_down`: The server is stopping; ask again, or ask another one. */
        ShuttingDown: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `operator_required`: This is for the operator, whose token is `CHATROOM_OPERATOR_TOKEN`. */
        OperatorRequired: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                RateLimit: components["headers"]["RateLimit"];
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
    };
    parameters: {
        /** @description An `event_id` that the client was given, by a write for example: it is answered when the node that is asked has come there. It waits 5 seconds at most, then it is 503 `not_caught_up`. One that says nothing to this node is passed over: of a log that is gone, or, where there is one node alone, ahead of its log. */
        AfterEventIdParameter: string;
        /**
         * @description The id of the message.
         * @example 1
         */
        IdParameter: number;
        /**
         * @description The guest to listen as, in open mode. Beside a token, the name of its user.
         * @example alice
         */
        UsernameParameter: string;
        /**
         * @description A username for a direct message, or a room id.
         * @example alice
         */
        RecipientParameter: components["schemas"]["Recipient"];
        /** @description The latest `event_id` that the client has; what came after it is told first. Any other text, an empty one too, is answered by `resync`. */
        LastEventIdParameter: string;
        /** @description The token, from who cannot send headers. No log shows it. */
        AccessTokenParameter: string;
        /** @description Good once, for 30 seconds, as `ticket` in the query of `/ws` and `/events`. */
        TicketParameter: string;
    };
    requestBodies: never;
    headers: {
        /** @description Names the request; the log of the server has it, too. */
        XRequestId: string;
        /** @description What is left of an allowance (draft-ietf-httpapi-ratelimit-headers): its name, `r` requests, and `t` seconds until there are more. Not there where nothing is limited. */
        RateLimit: string;
        /** @description The allowance that is used up: its name, and `q` requests in `w` seconds. */
        RateLimitPolicy: string;
        /** @description Seconds to wait. */
        RetryAfter: number;
        /** @description The challenge of RFC 6750 section 3. */
        WWWAuthenticate: string;
        /** @description The methods that the path has. */
        Allow: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description The name is claimed; the token is its first session. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             *
             *     `username_reserved`: The username is `server` or begins with `room_`, which belong to the server, or looks as if it did.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            403: components["responses"]["RegistrationClosed"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["UsernameTaken"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             *
             *     `server_full`: The server has as many users, or its rooms as many members, as it allows.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description The session is open. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["BadCredentials"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Letters and digits of any script, `.`, `_`, `-` and single inner spaces, in Unicode form NFC, at most 10 marks behind one letter. Two names that differ only in case or in compatibility form are the same name. Not `server`, and not beginning with `room_`, nor what looks like that.
                 * @example alice
                 */
                username: components["schemas"]["Username"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateUserRequest"];
            };
        };
        responses: {
            /** @description The password is set. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             *
             *     `bad_credentials`: There is no account of that name, or the password is not its password.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `not_your_name`: The token belongs to another user than the one that the request acts as.
             *
             *     `registration_closed`: The server takes no new names of that kind, guests or accounts; `CHATROOM_REGISTRATION` says which it takes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            404: components["responses"]["UserNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    listOnlineUsers: {
        parameters: {
            query?: {
                /** @description Only names that begin so, without regard to case. */
                prefix?: string;
                /**
                 * @description How many names at most.
                 * @example 100
                 */
                limit?: number;
                /** @description Only names that come after this one: the last of the page before. */
                after?: string;
                /** @description An `event_id` that the client was given, by a write for example: it is answered when the node that is asked has come there. It waits 5 seconds at most, then it is 503 `not_caught_up`. One that says nothing to this node is passed over: of a log that is gone, or, where there is one node alone, ahead of its log. */
                after_event_id?: components["parameters"]["AfterEventIdParameter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of usernames. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnlineResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            403: components["responses"]["NotYourName"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `not_caught_up`: This node has not come to the `after_event_id` of the request within 5 seconds. Ask again, or ask another node.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description An `event_id` that the client was given, by a write for example: it is answered when the node that is asked has come there. It waits 5 seconds at most, then it is 503 `not_caught_up`. One that says nothing to this node is passed over: of a log that is gone, or, where there is one node alone, ahead of its log. */
                after_event_id?: components["parameters"]["AfterEventIdParameter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `not_caught_up`: This node has not come to the `after_event_id` of the request within 5 seconds. Ask again, or ask another node.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    endSessions: {
        parameters: {
            query?: {
                /**
                 * @description `others`: all but that of the token.
                 * @example others
                 */
                which?: "all" | "others";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions have ended. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndedSessions"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    createTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Names a session; it is no token.
                 * @example Vx3nQk8cZp1y7RfWx2JhGp
                 */
                session_id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndedSessions"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            404: components["responses"]["SessionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogoutRequest"];
            };
        };
        responses: {
            /** @description The guest is gone, or the session has ended. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoneResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            403: components["responses"]["NotYourName"];
            404: components["responses"]["UserNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendRequest"];
            };
        };
        responses: {
            /** @description The message is accepted. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `not_your_name`: The token belongs to another user than the one that the request acts as.
             *
             *     `not_a_member`: The user is not a member of the room.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `user_not_found`: Nobody is registered under that username; a guest who has logged out is gone.
             *
             *     `room_not_found`: There is no room with that id; a room that its last member has left is gone.
             */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["ClientIdReused"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            /**
             * @description `rate_limited`: Too many requests of this client, or too many of its reads wait; `Retry-After` says how many seconds to wait.
             *
             *     `storage_used_up`: The user has stored as many bytes as the server allows for a day; `Retry-After` says how many seconds the day (UTC) has left.
             */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             *
             *     `not_caught_up`: This node has not come to the `after_event_id` of the request within 5 seconds. Ask again, or ask another node.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    deleteMessage: {
        parameters: {
            query?: {
                /**
                 * @description Letters and digits of any script, `.`, `_`, `-` and single inner spaces, in Unicode form NFC, at most 10 marks behind one letter. Two names that differ only in case or in compatibility form are the same name. Not `server`, and not beginning with `room_`, nor what looks like that.
                 * @example alice
                 */
                username?: components["schemas"]["Username"];
            };
            header?: never;
            path: {
                /**
                 * @description The id of the message.
                 * @example 1
                 */
                id: components["parameters"]["IdParameter"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text is gone. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `not_your_name`: The token belongs to another user than the one that the request acts as.
             *
             *     `not_allowed`: The user may not do that there; `message` says who may.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `user_not_found`: Nobody is registered under that username; a guest who has logged out is gone.
             *
             *     `message_not_found`: There is no such message, or it is not for the user; one that is deleted cannot be changed.
             */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["ChangedMeanwhile"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    editMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the message.
                 * @example 1
                 */
                id: components["parameters"]["IdParameter"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditMessageRequest"];
            };
        };
        responses: {
            /** @description The message is changed. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `not_your_name`: The token belongs to another user than the one that the request acts as.
             *
             *     `not_allowed`: The user may not do that there; `message` says who may.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `user_not_found`: Nobody is registered under that username; a guest who has logged out is gone.
             *
             *     `message_not_found`: There is no such message, or it is not for the user; one that is deleted cannot be changed.
             */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["ChangedMeanwhile"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            /**
             * @description `rate_limited`: Too many requests of this client, or too many of its reads wait; `Retry-After` says how many seconds to wait.
             *
             *     `storage_used_up`: The user has stored as many bytes as the server allows for a day; `Retry-After` says how many seconds the day (UTC) has left.
             */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    listConversationMessages: {
        parameters: {
            query?: {
                /**
                 * @description Letters and digits of any script, `.`, `_`, `-` and single inner spaces, in Unicode form NFC, at most 10 marks behind one letter. Two names that differ only in case or in compatibility form are the same name. Not `server`, and not beginning with `room_`, nor what looks like that.
                 * @example alice
                 */
                username?: components["schemas"]["Username"];
                /**
                 * @description Only messages before this one: the newest of those.
                 * @example 42
                 */
                before_id?: number;
                /** @description Only messages after this one: the oldest of those. */
                after_id?: number;
                /** @description This message, and as many before it as after it. */
                around_id?: number;
                /**
                 * @description How many messages at most.
                 * @example 50
                 */
                limit?: number;
                /** @description An `event_id` that the client was given, by a write for example: it is answered when the node that is asked has come there. It waits 5 seconds at most, then it is 503 `not_caught_up`. One that says nothing to this node is passed over: of a log that is gone, or, where there is one node alone, ahead of its log. */
                after_event_id?: components["parameters"]["AfterEventIdParameter"];
            };
            header?: never;
            path: {
                /**
                 * @description A username for a direct message, or a room id.
                 * @example alice
                 */
                recipient: components["parameters"]["RecipientParameter"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages, oldest first; empty if there are none. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationMessages"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `not_your_name`: The token belongs to another user than the one that the request acts as.
             *
             *     `not_a_member`: The user is not a member of the room.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `user_not_found`: Nobody is registered under that username; a guest who has logged out is gone.
             *
             *     `room_not_found`: There is no room with that id; a room that its last member has left is gone.
             */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `not_caught_up`: This node has not come to the `after_event_id` of the request within 5 seconds. Ask again, or ask another node.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    pollMessages: {
        parameters: {
            query?: {
                /**
                 * @description Letters and digits of any script, `.`, `_`, `-` and single inner spaces, in Unicode form NFC, at most 10 marks behind one letter. Two names that differ only in case or in compatibility form are the same name. Not `server`, and not beginning with `room_`, nor what looks like that.
                 * @example alice
                 */
                username?: components["schemas"]["Username"];
                /**
                 * @description Only messages after this one: the `last_id` of the answer before.
                 * @example 0
                 */
                last_id?: number;
                /**
                 * @description How many messages at most.
                 * @example 100
                 */
                limit?: number;
                /**
                 * @description Long poll: whole seconds to hold the answer until there is a message; 45 at most, whatever is asked for.
                 * @example 0
                 */
                wait?: number;
                /** @description An `event_id` that the client was given, by a write for example: it is answered when the node that is asked has come there. It waits 5 seconds at most, then it is 503 `not_caught_up`. One that says nothing to this node is passed over: of a log that is gone, or, where there is one node alone, ahead of its log. */
                after_event_id?: components["parameters"]["AfterEventIdParameter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages, oldest first; empty if there are none. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PollResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            403: components["responses"]["NotYourName"];
            404: components["responses"]["UserNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            /**
             * @description `rate_limited`: Too many requests of this client, or too many of its reads wait; `Retry-After` says how many seconds to wait.
             *
             *     `too_many_connections`: The user, or the address, has as many live connections as the server allows.
             */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `not_caught_up`: This node has not come to the `after_event_id` of the request within 5 seconds. Ask again, or ask another node.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    createRoom: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRoomRequest"];
            };
        };
        responses: {
            /** @description The room is there. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateRoomResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            403: components["responses"]["NotYourName"];
            404: components["responses"]["UserNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            /**
             * @description `too_many_rooms`: The user has made as many rooms as the server allows, or another is in as many rooms of others.
             *
             *     `too_many_participants`: The rooms that the user made would have more members together than the server allows; a guest may have fewer than an account.
             *
             *     `room_full`: The room would have more members than the server allows.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            /**
             * @description `rate_limited`: Too many requests of this client, or too many of its reads wait; `Retry-After` says how many seconds to wait.
             *
             *     `storage_used_up`: The user has stored as many bytes as the server allows for a day; `Retry-After` says how many seconds the day (UTC) has left.
             */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             *
             *     `server_full`: The server has as many users, or its rooms as many members, as it allows.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    leaveRoom: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeaveRoomRequest"];
            };
        };
        responses: {
            /** @description The user is no longer in the room. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoneResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `not_your_name`: The token belongs to another user than the one that the request acts as.
             *
             *     `not_a_member`: The user is not a member of the room.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `user_not_found`: Nobody is registered under that username; a guest who has logged out is gone.
             *
             *     `room_not_found`: There is no room with that id; a room that its last member has left is gone.
             */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    connectLive: {
        parameters: {
            query?: {
                /**
                 * @description The guest to listen as, in open mode. Beside a token, the name of its user.
                 * @example alice
                 */
                username?: components["parameters"]["UsernameParameter"];
                /** @description The latest `event_id` that the client has; what came after it is told first. Any other text, an empty one too, is answered by `resync`. */
                last_event_id?: components["parameters"]["LastEventIdParameter"];
                /** @description The token, from who cannot send headers. No log shows it. */
                access_token?: components["parameters"]["AccessTokenParameter"];
                /** @description Good once, for 30 seconds, as `ticket` in the query of `/ws` and `/events`. */
                ticket?: components["parameters"]["TicketParameter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The WebSocket is open; its first event is `hello`. */
            101: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `not_your_name`: The token belongs to another user than the one that the request acts as.
             *
             *     `origin_not_allowed`: The page is of an origin that `CHATROOM_CORS_ORIGIN` does not name.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            404: components["responses"]["UserNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            426: components["responses"]["UpgradeRequired"];
            /**
             * @description `rate_limited`: Too many requests of this client, or too many of its reads wait; `Retry-After` says how many seconds to wait.
             *
             *     `too_many_connections`: The user, or the address, has as many live connections as the server allows.
             */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ShuttingDown"];
            default: components["responses"]["OtherFailure"];
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /**
                 * @description The guest to listen as, in open mode. Beside a token, the name of its user.
                 * @example alice
                 */
                username?: components["parameters"]["UsernameParameter"];
                /** @description The latest `event_id` that the client has; what came after it is told first. Any other text, an empty one too, is answered by `resync`. */
                last_event_id?: components["parameters"]["LastEventIdParameter"];
                /** @description The token, from who cannot send headers. No log shows it. */
                access_token?: components["parameters"]["AccessTokenParameter"];
                /** @description Good once, for 30 seconds, as `ticket` in the query of `/ws` and `/events`. */
                ticket?: components["parameters"]["TicketParameter"];
                /**
                 * @description Long poll: whole seconds to hold the answer, which is JSON, until there is an event; 45 at most, whatever is asked for.
                 * @example 0
                 */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events: those since the cursor as JSON, or a stream. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsResult"];
                    "text/event-stream": string;
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `not_your_name`: The token belongs to another user than the one that the request acts as.
             *
             *     `origin_not_allowed`: The page is of an origin that `CHATROOM_CORS_ORIGIN` does not name.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            404: components["responses"]["UserNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            /**
             * @description `rate_limited`: Too many requests of this client, or too many of its reads wait; `Retry-After` says how many seconds to wait.
             *
             *     `too_many_connections`: The user, or the address, has as many live connections as the server allows.
             */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ShuttingDown"];
            default: components["responses"]["OtherFailure"];
        };
    };
    sendTyping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A username for a direct message, or a room id.
                 * @example alice
                 */
                recipient: components["parameters"]["RecipientParameter"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypingRequest"];
            };
        };
        responses: {
            /** @description Those who listen are told. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoneResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `token_required`: The name belongs to an account, or the server asks everybody for a token, and the request has none.
             *
             *     `invalid_token`: The token is not one that the server gave out, or its session has ended.
             *
             *     `token_expired`: The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `not_your_name`: The token belongs to another user than the one that the request acts as.
             *
             *     `not_a_member`: The user is not a member of the room.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /**
             * @description `user_not_found`: Nobody is registered under that username; a guest who has logged out is gone.
             *
             *     `room_not_found`: There is no room with that id; a room that its last member has left is gone.
             */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ShuttingDown"];
            default: components["responses"]["OtherFailure"];
        };
    };
    getAnnouncement: {
        parameters: {
            query?: {
                /** @description An `event_id` that the client was given, by a write for example: it is answered when the node that is asked has come there. It waits 5 seconds at most, then it is 503 `not_caught_up`. One that says nothing to this node is passed over: of a log that is gone, or, where there is one node alone, ahead of its log. */
                after_event_id?: components["parameters"]["AfterEventIdParameter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The announcement. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnouncementResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `not_caught_up`: This node has not come to the `after_event_id` of the request within 5 seconds. Ask again, or ask another node.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    setAnnouncement: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnnouncementRequest"];
            };
        };
        responses: {
            /** @description The announcement as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnouncementResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             *
             *     `malformed_json`: The body is empty, is not JSON, or is not UTF-8.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["OperatorRequired"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             *
             *     `outcome_unknown`: The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ShuttingDown"];
            default: components["responses"]["OtherFailure"];
        };
    };
    getReadiness: {
        parameters: {
            query?: {
                /** @description An `event_id` that the client was given, by a write for example: it is answered when the node that is asked has come there. It waits 5 seconds at most, then it is 503 `not_caught_up`. One that says nothing to this node is passed over: of a log that is gone, or, where there is one node alone, ahead of its log. */
                after_event_id?: components["parameters"]["AfterEventIdParameter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessResult"];
                };
            };
            /**
             * @description `invalid_request`: The input does not fit the schema; `details` says where and why.
             *
             *     `bad_request`: The request is not valid HTTP, or its path cannot be decoded.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UriTooLong"];
            421: components["responses"]["UnknownHost"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /**
             * @description `shutting_down`: The server is stopping; ask again, or ask another one.
             *
             *     `not_caught_up`: This node has not come to the `after_event_id` of the request within 5 seconds. Ask again, or ask another node.
             *
             *     `log_unavailable`: The server cannot write just now; what was asked has not happened. Reads go on.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            default: components["responses"]["OtherFailure"];
        };
    };
}
