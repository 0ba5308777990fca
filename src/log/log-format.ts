import { randomUUID } from 'node:crypto'
import type { Format } from '../storage/format.js'

export const logFormat: Format = {
  applicationId: 0x43_68_4c_67,
  // No step has changed what is there.
  readableFrom: 1,
  steps: [
    (database) => {
      database.exec(`
        CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE log (
          first INTEGER PRIMARY KEY,
          count INTEGER NOT NULL,
          at INTEGER NOT NULL,
          entries BLOB NOT NULL,
          before INTEGER NOT NULL,
          checksum INTEGER NOT NULL
        );
      `)
      // The epoch changes when the log may go on otherwise; the chain is in the checksum of each row and stays.
      // The base is the position before the first row, with the checksum of the row that was there.
      const about = "INSERT INTO about VALUES ('epoch', ?), ('chain', ?), ('base', 0), ('base_checksum', 0)"
      database.prepare(about).run(randomUUID(), randomUUID())
    },
    () => {
      // Nothing is another, but from here on it may hold the command `skip_ids`, which servers before do not know.
    },
    () => {
      // What is there stays as it is. From here on groups are written in the form of `encodeGroup`.
    },
  ],
}
