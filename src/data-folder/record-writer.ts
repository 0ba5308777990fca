import type { MessageRecord, SentRecord } from '../../schemas/records.js'
import { dayOf } from '../archive/archive-format.js'
import { sums } from '../archive/archive-rows.js'
import type { Database, Statement } from '../storage/database.js'
import type { KeptMessage } from './message-checker.js'
import type { ChatRecord } from './record-shapes.js'

/** Writes records into an archive that is not in use. */
export class RecordWriter {
  private readonly put: Readonly<Record<'about' | 'users' | 'rooms' | 'members' | 'messages' | 'sent', Statement>>
  private readonly message: Statement
  /** The newest message of each target. */
  private readonly newest = new Map<number, number>()

  constructor(private readonly database: Database) {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN')
    const insert = (table: string, columns: number): Statement =>
      database.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`)
    this.put = {
      about: insert('about', 3),
      users: insert('users', 3),
      rooms: insert('rooms', 3),
      members: insert('members', 4),
      messages: insert('messages', 8),
      sent: insert('sent', 8),
    }
    this.message = database.prepare('SELECT sender, sent_at, client_id FROM messages WHERE id = ?')
  }

  write(record: ChatRecord): void {
    switch (record.type) {
      case 'server': {
        const data = JSON.stringify(record)
        this.put.about.run('server', data, sums.data({ number: 0, data }))
        break
      }
      case 'user':
        this.writeData(this.put.users, record)
        break
      case 'room':
        this.writeData(this.put.rooms, record)
        break
      case 'member': {
        const { room, user } = record
        this.put.members.run(null, room, user, sums.member({ room, user }))
        break
      }
      case 'message':
        this.writeMessage(record)
        break
      case 'sent':
        this.writeSent(record)
    }
  }

  messageOf(id: number): KeptMessage | undefined {
    return this.message.get(id) as KeptMessage | undefined
  }

  end(): void {
    this.database.exec('COMMIT')
  }

  private writeData(put: Statement, record: { readonly number: number }): void {
    const data = JSON.stringify(record)
    put.run(record.number, data, sums.data({ number: record.number, data }))
  }

  private writeMessage({ target, sender, sent_at, client_id, message }: MessageRecord): void {
    const { id, ...rest } = message
    const json = JSON.stringify(message)
    const record = Buffer.from(json.startsWith('{"id":') ? json : JSON.stringify({ id, ...rest }))
    const own = client_id ?? null
    const previous = this.newest.get(target) ?? 0
    this.newest.set(target, id)
    const sum = sums.message({ id, target, sender, sent_at, client_id: own, previous, record })
    this.put.messages.run(id, target, sender, sent_at, own, previous, record, sum)
  }

  private writeSent(record: SentRecord): void {
    const { sender, client_id, message_id, sent_at, recipient, content_hash } = record
    const day = dayOf(sent_at)
    const sum = sums.sent({ ...record, day })
    this.put.sent.run(day, sender, client_id, message_id, sent_at, recipient, content_hash, sum)
  }
}
