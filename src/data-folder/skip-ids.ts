import { fixed } from '../../schemas/limits.js'
import { CommandPayload } from '../chat/command-log.js'
import { writer } from '../chat/vocabulary.js'
import { entryIds } from '../log/entry-ids.js'
import { encodeGroup } from '../log/group-bytes.js'
import { groupSum, type Before, type StoredGroup } from '../log/stored-group.js'
import { scalar, type Database } from '../storage/database.js'

/**
 * Lets a log go on behind all ids that its chat may have given elsewhere, after what it was made from: they must not be given
 * twice. That is an entry, so that every replay comes to the same.
 * @returns its position
 */
export function skipIds(log: Database): number {
  const about = (name: string): unknown => scalar(log, 'SELECT value FROM about WHERE name = ?', name)
  const last = log.prepare('SELECT * FROM log ORDER BY first DESC LIMIT 1').get() as StoredGroup | undefined
  const before: Before = last ?? {
    first: Number(about('base')) + 1,
    count: 0,
    checksum: Number(about('base_checksum')),
  }
  const payload = new CommandPayload({ type: 'skip_ids', count: fixed.skippedIds })
  // It has no time of its own: that of the chat stays where it is.
  const at = 0
  const entries = encodeGroup(writer, [{ at, id: entryIds()(), payload }])
  const row = { first: before.first + before.count, count: 1, at, entries, before: before.checksum }
  const sum = groupSum(String(about('chain')), row)
  log.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)').run(row.first, row.count, at, entries, row.before, sum)
  return row.first
}
