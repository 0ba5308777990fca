import { openDatabase, scalar, transaction, type Database, type Statement } from '../storage/database.js'
import { Place } from '../storage/place.js'
import { Wal } from '../storage/wal.js'
import type { Window } from '../log/log-file.js'
import type { Engine } from '../storage/engines.js'
import { bringUp } from '../storage/format.js'
import { releaseSpace } from '../storage/release-space.js'
import { archiveFormat, dayOf, daysRemembered } from './archive-format.js'
import { sums, type MessageRow, type SentRow } from './archive-rows.js'
import { JournalWriter } from './journal-writer.js'

export interface ArchiveFiles {
  /** The database. */
  readonly file: string
  readonly engine?: Engine | undefined
}

export interface ArchiveFileOptions extends ArchiveFiles {
  /** The live events that are kept. */
  readonly window: Window
}

/** Messages in the order of their ids, in columns: so they are cheap to hand over to another thread. */
export interface MessageRun {
  readonly ids: Float64Array
  /** What all readers see, each with a comma behind it. */
  readonly records: Uint8Array
  /** Where in them each message ends, with its comma. */
  readonly ends: Float64Array
  readonly targets: Float64Array
  readonly senders: Float64Array
  readonly times: Float64Array
  /** For each the message of its target before it; 0 if there is none. */
  readonly previous: Float64Array
  /** Of those that have one, by id. */
  readonly clientIds: ReadonlyMap<number, string>
}

/** What has changed since the batch before. */
export interface Batch {
  /** The `ServerRecord`, in JSON. */
  readonly server: string
  /** The position of the entry that it comes to. */
  readonly position: number
  /** The time of that entry. */
  readonly time: number
  /** Numbers, and records in JSON; without one, the user or room is gone. */
  readonly users: readonly (readonly [number: number, record: string | undefined])[]
  readonly rooms: readonly (readonly [number: number, record: string | undefined])[]
  /** In the order in which they came and went. */
  readonly members: readonly (readonly [room: number, user: number, joined: boolean])[]
  readonly messages: MessageRun | undefined
  readonly sent: readonly Omit<SentRow, 'day' | 'checksum'>[]
  /** The live events, each as an element of a JSON array with a comma behind it. */
  readonly journal: string
}

/** Messages that are deleted at once: batches are written between. */
const deletedAtOnce = 2000

const sql = {
  expired: 'DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE id <= ? ORDER BY id LIMIT ?)',
  expiredOf: 'DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE target = ? AND id <= ? LIMIT ?)',
}

/** Old keys that a batch drops at most for each that it adds: so they are fewer again before long. */
const droppedKeys = 2

/**
 * The archive's file: what the state has come to at an entry, with all messages. Each batch is a transaction that takes it
 * from one entry to a later one.
 */
export class ArchiveFile {
  private readonly database: Database
  private readonly put: Readonly<Record<'about' | 'users' | 'rooms' | 'members' | 'messages' | 'sent', Statement>>
  private readonly drop: Readonly<Record<'users' | 'rooms' | 'members' | 'sent' | 'expired' | 'expiredOf', Statement>>

  private readonly place: Place
  private readonly journal: JournalWriter
  private readonly wal: Wal

  constructor({ file, engine, window }: ArchiveFileOptions) {
    const database = (this.database = openDatabase(file, { engine }))
    bringUp(database, file, archiveFormat)
    this.place = new Place(file)
    database.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    this.put = {
      about: database.prepare("INSERT OR REPLACE INTO about VALUES ('server', ?, ?)"),
      users: database.prepare('INSERT OR REPLACE INTO users VALUES (?, ?, ?)'),
      rooms: database.prepare('INSERT OR REPLACE INTO rooms VALUES (?, ?, ?)'),
      members: database.prepare('INSERT INTO members (room, user, checksum) VALUES (?, ?, ?)'),
      messages: database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      sent: database.prepare('INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    }
    this.drop = {
      expired: database.prepare(sql.expired),
      expiredOf: database.prepare(sql.expiredOf),
      users: database.prepare('DELETE FROM users WHERE number = ?'),
      rooms: database.prepare('DELETE FROM rooms WHERE number = ?'),
      members: database.prepare('DELETE FROM members WHERE room = ? AND user = ?'),
      sent: database.prepare(
        'DELETE FROM sent WHERE (day, sender, client_id) IN (SELECT day, sender, client_id FROM sent WHERE day <= ? LIMIT ?)',
      ),
    }
    this.journal = new JournalWriter(database, window)
    this.wal = new Wal(database)
  }

  /** Binds the file to its log, whose name is the epoch. @returns the epoch of the log to which it belongs */
  bind(epoch: string): string {
    const bound = scalar(this.database, "SELECT value FROM about WHERE name = 'epoch'")
    if (bound !== undefined) return String(bound)
    this.database.prepare("INSERT INTO about VALUES ('epoch', ?, 0)").run(epoch)
    return epoch
  }

  write(batch: Batch): void {
    this.place.check()
    transaction(this.database, () => {
      this.writeData(this.put.users, this.drop.users, batch.users)
      this.writeData(this.put.rooms, this.drop.rooms, batch.rooms)
      for (const [room, user, joined] of batch.members) {
        if (joined) this.put.members.run(room, user, sums.member({ room, user }))
        else this.drop.members.run(room, user)
      }
      if (batch.messages) this.writeMessages(batch.messages)
      for (const sent of batch.sent) this.writeSent(sent)
      const { length } = batch.sent
      if (length > 0) this.drop.sent.run(dayOf(batch.time) - daysRemembered, droppedKeys * length)
      this.journal.write(batch)
      this.put.about.run(batch.server, sums.data({ number: 0, data: batch.server }))
    })
    this.wal.empty()
  }

  /**
   * Deletes some of the messages up to this one, and gives back their space. @returns whether there are more.
   * @param targets Whose messages; without them, all.
   */
  expire(upTo: number, targets: readonly number[] | undefined): boolean {
    let left = deletedAtOnce
    transaction(this.database, () => {
      if (!targets) left -= Number(this.drop.expired.run(upTo, left).changes)
      for (const target of targets ?? []) {
        if (left === 0) break
        left -= Number(this.drop.expiredOf.run(target, upTo, left).changes)
      }
    })
    releaseSpace(this.database)
    this.wal.note()
    if (left > 0) this.wal.empty()
    return left === 0
  }

  close(): void {
    this.database.close()
  }

  private writeData(put: Statement, drop: Statement, records: Batch['users']): void {
    for (const [number, data] of records) {
      if (data === undefined) drop.run(number)
      else put.run(number, data, sums.data({ number, data }))
    }
  }

  private writeMessages({ ids, records, ends, targets, senders, times, previous, clientIds }: MessageRun): void {
    let start = 0
    for (const [index, id] of ids.entries()) {
      const end = ends[index] as number
      this.writeMessage({
        id,
        target: targets[index] as number,
        sender: senders[index] as number,
        sent_at: times[index] as number,
        client_id: clientIds.get(id) ?? null,
        previous: previous[index] as number,
        // Without the comma that is behind it in memory.
        record: records.subarray(start, end - 1),
      })
      start = end
    }
  }

  private writeMessage(row: Omit<MessageRow, 'checksum'>): void {
    const { id, target, sender, sent_at, client_id, previous, record } = row
    this.put.messages.run(id, target, sender, sent_at, client_id, previous, record, sums.message(row))
  }

  private writeSent(row: Batch['sent'][number]): void {
    const { sender, client_id, message_id, sent_at, recipient, content_hash } = row
    const day = dayOf(sent_at)
    const sum = sums.sent({ ...row, day })
    this.put.sent.run(day, sender, client_id, message_id, sent_at, recipient, content_hash, sum)
  }
}
