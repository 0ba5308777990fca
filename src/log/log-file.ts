import type { Window } from '../base/window.js'
import { damaged } from '../base/data-error.js'
import { openDatabase, scalar, transaction, type Database, type Statement } from '../storage/database.js'
import { Place } from '../storage/place.js'
import { Wal } from '../storage/wal.js'
import type { Engine } from '../storage/engines.js'
import { bringUp } from '../storage/format.js'
import { releaseSpace } from '../storage/release-space.js'
import { checkGroup, groupSum, type Before, type StoredGroup } from './stored-group.js'
import { logFormat } from './log-format.js'
import { Mark } from './mark.js'

/** Entries that were committed together: one row of the file. */
export interface Group {
  /** The position of its first entry. */
  readonly first: number
  readonly count: number
  /** When the last of them was accepted, in ms since the epoch. */
  readonly at: number
  /** As `encodeGroup` makes them. */
  readonly entries: Uint8Array
}

/** What a log has on disk. */
export interface Extent {
  /** A random name, given when the folder was made: it tells one log from another. */
  readonly epoch: string
  /** The first position that is still there, or the next if there is none. */
  readonly first: number
  /** The last position; 0 before the first. */
  readonly newest: number
}

export interface LogFiles {
  /** The database. */
  readonly file: string
  /** Beside it, the last position that was committed: it tells when the database has lost what it had. */
  readonly mark: string
  readonly engine?: Engine | undefined
}

/** The bytes of a chunk of {@link LogFile.read}, about. */
const chunkSize = 2 ** 20
/** Rows that one call of {@link LogFile.prune} deletes at most, so that a commit does not wait for long. */
const pruned = 500

const sql = {
  before: 'SELECT * FROM log WHERE first < ? ORDER BY first DESC LIMIT 1',
  last: 'SELECT * FROM log ORDER BY first DESC LIMIT 2',
  from: 'SELECT * FROM log WHERE first >= ? ORDER BY first',
}

/**
 * The log's file: SQLite in WAL mode, each commit synced. A group of entries is one row. Each row's checksum takes in
 * that of the row before and the log's own chain, so a row that is missing, changed, out of place or another log's is found.
 */
export class LogFile {
  private readonly database: Database
  private readonly wal: Wal
  private readonly insert: Statement
  private readonly mark: Mark
  private readonly place: Place
  private readonly epoch: string
  private readonly chain: string
  private newest: number
  private lastChecksum: number

  constructor(private readonly files: LogFiles) {
    const { file, engine } = files
    this.database = openDatabase(file, { engine })
    bringUp(this.database, file, logFormat)
    this.place = new Place(file)
    this.database.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    this.wal = new Wal(this.database)
    this.insert = this.database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)')
    this.epoch = String(this.about('epoch'))
    this.chain = String(this.about('chain'))
    const [last, before = this.base()] = this.database.prepare(sql.last).all() as StoredGroup[]
    // What comes next builds on it.
    if (last) checkGroup(file, this.chain, last, before)
    const end = last ?? this.base()
    this.newest = end.first + end.count - 1
    this.lastChecksum = end.checksum
    this.mark = new Mark(files.mark)
    this.checkMark()
    this.mark.write(this.newest)
  }

  extent(): Extent {
    const first = scalar(this.database, 'SELECT min(first) FROM log') ?? this.newest + 1
    return { epoch: this.epoch, first: Number(first), newest: this.newest }
  }

  /** Commits a group: when this returns, it is on disk; when it throws, it is not there and never will be. */
  append({ first, count, at, entries }: Group): void {
    this.checkPlace()
    const sum = groupSum(this.chain, { first, count, at, entries, before: this.lastChecksum })
    try {
      this.insert.run(first, count, at, entries, this.lastChecksum, sum)
    } catch (error) {
      this.takeBack()
      throw error
    }
    this.newest = first + count - 1
    this.lastChecksum = sum
    this.mark.write(this.newest)
  }

  /** The next groups with positions after this one, as many as make a chunk; none at the end. @throws {DataError} */
  read(after: number): Group[] {
    const groups: Group[] = []
    let size = 0
    const start = Number(scalar(this.database, 'SELECT max(first) FROM log WHERE first <= ?', after + 1) ?? 0)
    let before: Before = (this.database.prepare(sql.before).get(start) as StoredGroup | undefined) ?? this.base()
    for (const row of this.database.prepare(sql.from).iterate(start) as Iterable<StoredGroup>) {
      checkGroup(this.files.file, this.chain, row, before)
      before = row
      if (row.first + row.count <= after + 1) continue
      groups.push({ first: row.first, count: row.count, at: row.at, entries: row.entries })
      size += row.entries.length
      if (size > chunkSize) break
    }
    return groups
  }

  /** @throws {DataError} if the file has been moved away or deleted */
  checkPlace(): void {
    this.place.check()
  }

  /** Whether a commit can be made: makes one that says nothing. */
  probe(): void {
    this.checkPlace()
    // An UPDATE to the same value would write nothing.
    this.database.exec(`PRAGMA user_version = ${logFormat.steps.length}`)
  }

  /**
   * Drops the oldest rows, up to those that are needed. @returns whether there may be more to drop.
   * @param needless The last position that is not needed to recover.
   * @param window What is kept all the same, but for what is forgotten.
   * @param now In ms since the epoch.
   */
  prune(needless: number, window: Window & { readonly forgotten: number }, now: number): boolean {
    const rows = this.database.prepare('SELECT first, count, at FROM log ORDER BY first LIMIT ?').all(pruned)
    let upTo = 0
    for (const { first, count, at } of rows as StoredGroup[]) {
      const last = first + count - 1
      const isRecent = last > this.newest - window.entries && at > now - window.age
      const keeps = isRecent && first > window.forgotten
      if (last > needless || keeps) break
      upTo = last
    }
    if (upTo > 0) {
      this.drop(upTo)
      this.wal.note()
    }
    const more = rows.length === pruned
    releaseSpace(this.database)
    if (!more) this.wal.empty()
    return upTo > 0 && more
  }

  close(): void {
    this.database.close()
    this.mark.close()
  }

  /**
   * If it was the sync that failed, the group is in the WAL all the same, and a start after a crash would read it. The next
   * commit takes its place there; so one is made at once.
   */
  private takeBack(): void {
    try {
      this.probe()
    } catch {
      // What is written takes the place, synced or not; and a disk that takes nothing has not taken the group either.
    }
  }

  /** Drops the rows up to a position. When none is left, what they were is still said. */
  private drop(upTo: number): void {
    transaction(this.database, () => {
      const { checksum: sum } = this.database.prepare(sql.before).get(upTo + 1) as StoredGroup
      this.database.prepare("UPDATE about SET value = ? WHERE name = 'base'").run(upTo)
      this.database.prepare("UPDATE about SET value = ? WHERE name = 'base_checksum'").run(sum)
      this.database.prepare('DELETE FROM log WHERE first <= ?').run(upTo)
    })
  }

  private about(name: string): unknown {
    return scalar(this.database, 'SELECT value FROM about WHERE name = ?', name)
  }

  /** What was before the first row. */
  private base(): Before {
    return { first: Number(this.about('base')) + 1, count: 0, checksum: Number(this.about('base_checksum')) }
  }

  /** @throws {DataError} if commits are gone that were answered */
  private checkMark(): void {
    const { found = 0 } = this.mark
    if (found > this.newest)
      throw damaged(
        this.files.file,
        `it ends at entry ${this.newest}, but entries up to ${found} were committed; the end of it, or of the file with "-wal" beside it, is lost`,
      )
  }
}
