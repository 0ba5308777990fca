import { commandEntry, type CommandEntry } from '../chat/command-log.js'
import { decodeGroup } from '../log/group-bytes.js'
import type { StoredGroup } from '../log/stored-group.js'

/** The commands of a row of the log. @throws {DataError} if this version does not know one */
export const commandsOf = ({ first, entries }: StoredGroup, file: string): CommandEntry[] =>
  decodeGroup(first, entries).map((entry) => commandEntry(entry, file))
