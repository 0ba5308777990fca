import type { By } from '../../schemas/by.js'
import type { Bounds, Command } from '../../schemas/commands.js'
import { Lines } from '../base/lines.js'
import { errors } from '../../schemas/errors.js'
import type { Access, Credentials } from './access.js'
import { ChatError } from './chat-error.js'
import type { Append, CommandKind } from './command.js'
import type { Core } from './core.js'
import { acts } from './acts.js'
import type { ChatState } from './chat-state.js'
import { History } from './messages/history.js'
import { Retention } from './messages/retention.js'
import { SendTurns } from './messages/send-turns.js'
import type { Archive, Asker, Live } from './ports.js'
import { Clock, trustedTime } from './server/clock.js'
import { setBounds } from './server/configure.js'
import { Departures } from './users/departures.js'
import { Guests } from './users/guests.js'
import { SessionUse } from './users/session-use.js'
import type { Act } from './who-may.js'

export interface ServiceOptions {
  readonly bounds: Bounds
  /** How long a guest may be idle, in ms. */
  readonly guestTtl: number
  /** How long a session lasts that is not used, in ms. */
  readonly sessionTtl: number
  /** Days for which messages are kept; 0 is for ever. */
  readonly retention: number
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
  /** Whether somebody says that the clock is right, though it has leapt. */
  readonly clockIsRight?: boolean | undefined
  /** Told what an operator should know, in words. */
  readonly warn?: (message: string) => void
  /** Told of what goes wrong by itself, without a request, and in words what that comes to. */
  readonly complain?: (error: unknown, message: string) => void
}

/** What the service stands on. */
interface Parts {
  readonly state: ChatState
  readonly access: Access
  /** Puts commands in order, and applies them. */
  readonly log: {
    append(command: Command): Promise<unknown>
    /** Whether commands can be written at present. */
    readonly available: boolean
    /** What is known to be in the log and has not come here, about. */
    readonly behind: number
    /** Whether others append, too. */
    readonly isShared: boolean
    /** Comes to all that others had appended by now, if it can. */
    catchUp(): Promise<void>
  }
  readonly archive: Archive | undefined
  readonly live: Live
  /** Ends all of them, in order. */
  close(): Promise<void>
}

type Asked = {
  readonly [A in keyof typeof acts]: (typeof acts)[A]['ask'] extends (core: Core, ...args: infer P) => infer R
    ? (...args: P) => R
    : never
}

/**
 * The one door to the chat, which holds rooms and messages in memory. Its methods are the {@link acts}: those that change
 * something check early, for a good error, then go through the log; queries read the state at once. Each may throw what
 * {@link Access} throws; each that changes something, `log_unavailable`.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- All acts are defined below.
export interface ChatService extends Asked {}

export class ChatService {
  private readonly core: Core
  private readonly clock: Clock
  private readonly retention: Retention
  private readonly sessionUse: SessionUse

  constructor(
    private readonly parts: Parts,
    private readonly options: ServiceOptions,
  ) {
    const { state, access, log, archive, live } = parts
    const { guestTtl, retention: days, now = Date.now, complain = noop, warn = noop } = options
    const append: Append = <T extends Command['type'], R>(kind: CommandKind<T, R>, fields: object) =>
      log.append({ type: kind.type, ...fields } as Command) as Promise<R>
    this.clock = new Clock(state, append, { now, isRight: options.clockIsRight ?? false, warn })
    const trusted = () => trustedTime(state, now())
    const sessionUse = new SessionUse(state, append, options.sessionTtl, now, trusted, (error) =>
      complain(error, 'sessions that have expired could not be removed; it is tried again'),
    )
    this.sessionUse = sessionUse
    const history = new History(state, archive)
    const departures = new Departures(append)
    const guests = new Guests(state, append, live, departures, guestTtl, now, (error) =>
      complain(error, 'idle guests could not be removed; it is tried again'),
    )
    const sendTurns = new SendTurns(state, archive, now)
    const changing = new Lines<number>()
    const speaker: Core['speaker'] = (name, credentials) => {
      const shown = access.sessionOf(credentials)
      const user = access.speaker(name, shown)
      guests.seen(user)
      sessionUse.seen(shown)
      return user
    }
    const session: Core['session'] = (credentials) => {
      const found = access.session(credentials)
      sessionUse.seen(found)
      return found
    }
    this.core = {
      state,
      append,
      access,
      live,
      archive,
      history,
      guests,
      departures,
      sendTurns,
      changing,
      now,
      speaker,
      session,
    }
    this.retention = new Retention(state, append, history, days, trusted, (error) =>
      complain(error, 'old messages could not be deleted; it is tried again'),
    )
  }

  /** Begins what each node does by itself. To be called once, when the state is where the log ends. */
  start(): void {
    this.core.guests.start()
  }

  /** Begins what one node at a time does by itself, until {@link dropDuties}. */
  async takeDuties(): Promise<void> {
    await this.clock.start()
    await setBounds(this.core, this.options.bounds)
    this.core.guests.setDuty(true)
    this.sessionUse.start()
    await this.retention.start()
  }

  dropDuties(): void {
    this.core.guests.setDuty(false)
    this.clock.stop()
    this.sessionUse.stop()
    this.retention.stop()
  }

  /** Whether the caller shows the token of a session. */
  knows(credentials: Credentials): boolean {
    return this.core.access.knows(credentials)
  }

  /** Notes that whoever has shown these is there still. */
  stays({ tokenHash }: Credentials): void {
    if (tokenHash !== undefined) this.sessionUse.seen(this.parts.state.sessions.find(tokenHash))
  }

  /** For what is done outside of the acts. @throws {ChatError} operator_required */
  operate(act: Act, credentials: Credentials): By {
    return this.core.access.operate(act, credentials)
  }

  /** Whether commands can be written at present. */
  get available(): boolean {
    return this.parts.log.available
  }

  /** The cursor behind all that has been applied here. */
  get cursor(): string {
    return this.core.live.cursor
  }

  /** @see Live.comeTo */
  comeTo(cursor: string, asker: Asker): true | Promise<boolean> {
    return this.core.live.comeTo(cursor, asker)
  }

  /** What is known to be in the log and has not come here, about. */
  get behind(): number {
    return this.parts.log.behind
  }

  /**
   * Asks; and if what it says is refused for what the state is, asks again when this node has heard of all that had been
   * accepted by then, wherever that was. So a name that was registered on one node is known to the next, and so is a room.
   * @param ask Changes nothing where it is refused.
   */
  surely<T>(ask: () => T | Promise<T>): T | Promise<T> {
    return this.parts.log.isShared ? this.askTwice(ask) : ask()
  }

  private async askTwice<T>(ask: () => T | Promise<T>): Promise<T> {
    const { position } = this.core.state
    try {
      return await ask()
    } catch (error) {
      if (!isOfState(error)) throw error
      await this.parts.log.catchUp()
      if (this.core.state.position === position) throw error
      return ask()
    }
  }

  /** Answers those who wait; nobody is made to wait from here on. May be called twice. */
  releasePolls(): void {
    this.core.live.releasePolls()
  }

  /** Ends it: commits what is under way. May be called twice. */
  async close(): Promise<void> {
    this.core.guests.stop()
    this.dropDuties()
    await this.parts.close()
  }
}

type Ask = (core: Core, ...args: readonly unknown[]) => unknown

for (const [name, act] of Object.entries<{ readonly ask: Ask }>(acts as object as Record<string, { ask: Ask }>))
  Object.defineProperty(ChatService.prototype, name, {
    value(this: { readonly core: Core }, ...args: readonly unknown[]) {
      return act.ask(this.core, ...args)
    },
  })

const isOfState = (error: unknown): boolean => error instanceof ChatError && errors[error.code].ofState

const noop = (): void => undefined
