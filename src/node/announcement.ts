import type { By } from '../../schemas/by.js'
import { AnnouncementFile, type FileText } from './announcement-file.js'
import { SettingError } from '../settings.js'

/** Where the announcement is kept. */
export interface Announced {
  /** With the text of the file, as its hash, that it was set instead of; undefined if it is that of the file. */
  announcement(): { readonly text: string; readonly insteadOf: string | undefined }
  /** Sets the announcement, if it is another. */
  announce(text: string, insteadOf?: string, by?: By): Promise<void>
}

interface Following {
  readonly isNamed: boolean
  readonly isWritten: boolean
  readonly isShared?: boolean
}

/** Says what is wrong, to the operator. */
type Complain = (error: unknown, message: string) => void

/** The pause before a text that could not be told is told again, in ms. */
const retryPauseMs = 1000

/**
 * The announcement: what its file says, or what the operator has set, whichever came last. What is set goes into the file,
 * too. Where that cannot be written it is in the log alone, and stays as long as the file says what it said then.
 */
export class Announcement {
  private readonly file: AnnouncementFile
  /** Whether the file has to be there, since somebody has named it, or it was there. */
  private isExpected = true
  /** The latest of what is done with the file: one thing after the other, so that none sees the half of another. */
  private latest: Promise<unknown> = Promise.resolve()
  private again: NodeJS.Timeout | undefined
  private unwatch: () => void = () => undefined

  constructor(
    path: string,
    private readonly chat: Announced,
    private readonly complain: Complain,
  ) {
    this.file = new AnnouncementFile(path)
  }

  /** Sets another text. @param by Who has asked for it. */
  set(text: string, by?: By): Promise<void> {
    return this.inTurn(async () => {
      const insteadOf = await this.write(text)
      await this.chat.announce(text.trim(), insteadOf, by)
    })
  }

  /**
   * Tells what the file says now, and whenever that changes. What goes wrong later is complained of, and what was told last
   * stays; what could not be told is tried again until it is.
   * @param isNamed Whether somebody has named the file, and so wants it to be there; without that, a missing one says nothing.
   * @param isWritten Whether anybody may set the announcement.
   * @param isShared Whether other nodes have files of their own: then one that says something else does so only when it changes.
   * @throws {SettingError} if the file cannot be read now
   */
  async follow({ isNamed, isWritten, isShared = false }: Following): Promise<void> {
    this.isExpected = isNamed
    if (!isShared || this.chat.announcement().text === '') await this.inTurn(() => this.tell())
    if (isWritten) await this.file.checkWritable().catch((error: unknown) => this.complain(error, unwritable))
    this.unwatch = this.file.watch(() => void this.look())
  }

  stop(): void {
    this.unwatch()
    clearTimeout(this.again)
  }

  private async look(): Promise<void> {
    clearTimeout(this.again)
    try {
      await this.inTurn(() => this.tell())
      this.again = undefined
    } catch (error) {
      const isRead = !(error instanceof SettingError)
      if (!isRead || !this.again) this.complain(error, 'the announcement stays as it is')
      // What cannot be read is looked at again when it has changed.
      if (isRead) this.again = setTimeout(() => void this.look(), retryPauseMs).unref()
    }
  }

  private async tell(): Promise<void> {
    const { text, hash } = await this.read()
    if (hash !== this.chat.announcement().insteadOf) await this.chat.announce(text)
  }

  private read(): Promise<FileText> {
    this.isExpected ||= this.file.isThere
    return this.isExpected ? this.file.read() : this.file.readIfThere()
  }

  /** @returns what the file goes on to say, as its hash, if it cannot be written */
  private async write(text: string): Promise<string | undefined> {
    try {
      await this.file.write(text)
      return undefined
    } catch (error) {
      this.complain(error, unwritable)
      return (await this.file.readIfThere()).hash
    }
  }

  private inTurn(act: () => Promise<void>): Promise<void> {
    const acted = this.latest.then(act)
    this.latest = acted.catch(() => undefined)
    return acted
  }
}

const unwritable =
  'the file with the announcement cannot be written: what PUT /announcement sets is kept in the data folder, until the file changes'
