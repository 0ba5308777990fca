import type { Format } from '../storage/format.js'
import { migrateTables } from './migrate-tables.js'

export const archiveFormat: Format = {
  applicationId: 0x43_68_41_72,
  steps: [
    (database) => {
      database.exec(`
        CREATE TABLE about (name TEXT PRIMARY KEY, value, checksum INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE users (number INTEGER PRIMARY KEY, data TEXT NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE rooms (number INTEGER PRIMARY KEY, data TEXT NOT NULL, checksum INTEGER NOT NULL);
        -- The order of the rows is that in which they have joined.
        CREATE TABLE members (
          place INTEGER PRIMARY KEY,
          room INTEGER NOT NULL,
          user INTEGER NOT NULL,
          checksum INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX members_by_room ON members (room, user);
        -- A target is the number of the user whom a direct message is for, or minus the number of a room.
        CREATE TABLE messages (
          id INTEGER PRIMARY KEY,
          target INTEGER NOT NULL,
          sender INTEGER NOT NULL,
          sent_at INTEGER NOT NULL,
          client_id TEXT,
          -- The message of that target before this one: so it is seen when one is lost.
          previous INTEGER NOT NULL,
          record BLOB NOT NULL,
          checksum INTEGER NOT NULL
        );
        CREATE INDEX messages_by_target ON messages (target, id);
        -- By day, so that old ones are dropped together.
        CREATE TABLE sent (
          day INTEGER NOT NULL,
          sender INTEGER NOT NULL,
          client_id TEXT NOT NULL,
          message_id INTEGER NOT NULL,
          sent_at INTEGER NOT NULL,
          recipient TEXT NOT NULL,
          content_hash TEXT NOT NULL,
          checksum INTEGER NOT NULL,
          PRIMARY KEY (day, sender, client_id)
        ) WITHOUT ROWID;
      `)
    },
    (database) => {
      database.exec(`
        -- The live events of the latest batches, for those who come back. Each row goes on where the one before it ends, and
        -- the last ends where the archive does: so it is seen when one is lost.
        CREATE TABLE journal (
          first INTEGER PRIMARY KEY,
          last INTEGER NOT NULL,
          at INTEGER NOT NULL,
          entries BLOB NOT NULL,
          checksum INTEGER NOT NULL
        );
      `)
    },
    (database) => {
      // A start reads the latest of them, however many a day has.
      database.exec('CREATE INDEX sent_by_message ON sent (message_id)')
    },
    migrateTables,
  ],
}

/** Tables that belong to the epoch: a copy of the archive, which has another, is without what is in them. */
export const tablesOfEpoch: readonly string[] = ['journal']
