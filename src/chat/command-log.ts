import type { Command } from '../../schemas/commands.js'
import { LogUnavailable, OutcomeUnknown, type Entry, type Log, type Opening, type Payload } from '../log/log.js'
import { DataError } from '../base/data-error.js'
import { ChatError } from './chat-error.js'
import type { Archive } from './ports.js'
import { readCommand, unknownCommand, writer } from './vocabulary.js'

/** A command at its place in the order. */
export interface CommandEntry<C extends Command = Command> extends Pick<Entry, 'position' | 'at'> {
  readonly command: C
  /** Of the entry that it came in; undefined where it came in none. */
  readonly source?: Pick<Entry, 'cursor'>
}

/** Takes a command into the state and gives what it came to. @throws {ChatError} if it is not valid at its place */
export type ApplyCommand = (entry: CommandEntry) => unknown

/** A command as it is given to a log. */
export class CommandPayload implements Payload {
  private encoded: Uint8Array | undefined

  constructor(readonly command: Command) {}

  get bytes(): Uint8Array {
    return (this.encoded ??= Buffer.from(JSON.stringify(this.command)))
  }
}

/** That a command was not valid at its place. */
export class Refused {
  constructor(readonly error: ChatError) {}
}

/**
 * A log of commands: says in the chat's terms what a {@link Log} carries, and how it fails. It takes commands no faster than
 * an archive can follow: what that has not written yet is held in memory.
 */
export class CommandLog {
  constructor(
    private readonly log: Log,
    private readonly archive?: Pick<Archive, 'full' | 'available' | 'room'>,
  ) {}

  get epoch(): string {
    return this.log.epoch
  }

  get available(): boolean {
    return this.log.available && (this.archive === undefined || this.archive.available || !this.archive.full)
  }

  get behind(): number {
    return this.log.behind
  }

  /** Whether this node may not have heard of the latest yet. */
  get isShared(): boolean {
    return this.log.isShared
  }

  /** @see Log.catchUp */
  catchUp(): Promise<void> {
    return this.log.catchUp()
  }

  /** @throws {DataError} what {@link Log.open} throws, or that there is a command that this version does not know */
  open(apply: ApplyCommand, opening: Omit<Opening, 'writer'> = {}): Promise<void> {
    return this.log.open((entry) => applyEntry(commandEntry(entry, this.log.name), apply), { ...opening, writer })
  }

  /**
   * Appends a command. The promise settles with what it came to at its place.
   * @throws {ChatError} what `apply` threw: the entry is in the log and has changed nothing.
   * @throws {ChatError} log_unavailable, outcome_unknown
   */
  append(command: Command): Promise<unknown> {
    return this.archive?.full ? this.appendLater(command, this.archive) : this.appendNow(command)
  }

  /** @see Log.release */
  release(position: number): void {
    this.log.release(position)
  }

  /** @see Log.forget */
  forget(position: number): void {
    this.log.forget(position)
  }

  private appendNow(command: Command): Promise<unknown> {
    return this.log.append(new CommandPayload(command)).then(outcomeOf, fail)
  }

  private async appendLater(command: Command, archive: Pick<Archive, 'room'>): Promise<unknown> {
    await archive.room()
    return this.appendNow(command)
  }
}

/** @param file What people know the log by. @throws {DataError} if this version does not know the command */
export function commandEntry(entry: Entry, file: string): CommandEntry {
  const { position, at, payload } = entry
  const command = payload instanceof CommandPayload ? payload.command : readCommand(entry)
  if (!command) throw new DataError(`${file}: ${unknownCommand(entry)}`)
  return { position, at, command, source: entry }
}

/** What a command came to, a refusal included. */
export function applyEntry(entry: CommandEntry, apply: ApplyCommand): unknown {
  try {
    return apply(entry)
  } catch (error) {
    if (error instanceof ChatError) return new Refused(error)
    throw error
  }
}

function outcomeOf(said: unknown): unknown {
  if (said instanceof Refused) throw said.error
  return said
}

function fail(error: unknown): never {
  if (error instanceof LogUnavailable) throw new ChatError('log_unavailable')
  if (error instanceof OutcomeUnknown) throw new ChatError('outcome_unknown')
  throw error
}
