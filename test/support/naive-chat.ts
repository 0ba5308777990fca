import type { ErrorCode } from '../../schemas/errors.js'

/** What a test asks of a chat. */
export type Step =
  | { readonly do: 'register' | 'logout'; readonly name: string }
  | {
      readonly do: 'send'
      readonly name: string
      readonly to: string
      readonly text: string
      readonly clientId?: string | undefined
    }
  | { readonly do: 'create'; readonly name: string; readonly participants: readonly string[] }
  | { readonly do: 'leave'; readonly name: string; readonly room: string }
  | { readonly do: 'poll'; readonly name: string; readonly lastId: number; readonly limit: number }
  | { readonly do: 'online' }

interface Holder {
  readonly name: string
}

interface Room {
  readonly id: string
  readonly members: Holder[]
}

interface Line {
  readonly id: number
  readonly sender: string
  readonly recipient: string
  readonly message: string
  readonly by: Holder | undefined
  readonly to: Holder | Room
  readonly clientId: string | undefined
}

class Refusal extends Error {
  constructor(readonly code: ErrorCode) {
    super(code)
  }
}

/** The chat as one would write it without a thought for cost: lists, and a scan for every question. */
export class NaiveChat {
  private holders: Holder[] = []
  private rooms: Room[] = []
  private readonly lines: Line[] = []
  private readonly sends: { by: Holder; clientId: string; content: string; answer: object }[] = []
  private roomCount = 0

  /** The answer, or the code of the failure. */
  take(step: Step): unknown {
    try {
      return this.answer(step)
    } catch (error) {
      if (error instanceof Refusal) return error.code
      throw error
    }
  }

  private answer(step: Step): unknown {
    switch (step.do) {
      case 'register':
        if (this.holders.some(({ name }) => same(name, step.name))) throw new Refusal('username_taken')
        this.holders.push({ name: step.name })
        return step.name
      case 'logout':
        return this.logout(this.holder(step.name))
      case 'send':
        return this.send(this.holder(step.name), step)
      case 'create':
        return this.create(this.holder(step.name), step.participants)
      case 'leave':
        return this.leave(this.holder(step.name), this.room(step.room))
      case 'poll':
        return this.poll(this.holder(step.name), step.lastId, step.limit)
      case 'online':
        return this.holders.map(({ name }) => name).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    }
  }

  private holder(name: string): Holder {
    const found = this.holders.find((holder) => same(holder.name, name))
    if (!found) throw new Refusal('user_not_found')
    return found
  }

  private room(id: string): Room {
    const found = this.rooms.find((room) => room.id === id)
    if (!found) throw new Refusal('room_not_found')
    return found
  }

  private logout(holder: Holder): string {
    for (const room of this.rooms.filter(({ members }) => members.includes(holder))) this.remove(room, holder)
    this.holders = this.holders.filter((other) => other !== holder)
    return holder.name
  }

  private send(by: Holder, { to, text, clientId }: Extract<Step, { do: 'send' }>): object {
    const content = JSON.stringify([to.toLowerCase(), text])
    const first = this.sends.find((sent) => sent.by === by && sent.clientId === clientId)
    if (first && first.content !== content) throw new Refusal('client_id_reused')
    if (first) return first.answer
    const target = to.startsWith('room_') ? this.room(to) : this.holder(to)
    if ('members' in target && !target.members.includes(by)) throw new Refusal('not_a_member')
    const answer = { id: this.say(by.name, target, text, by, clientId), recipient: nameOf(target) }
    if (clientId !== undefined) this.sends.push({ by, clientId, content, answer })
    return answer
  }

  private create(admin: Holder, participants: readonly string[]): string {
    const members = [...new Set([admin, ...participants.map((name) => this.holder(name))])]
    const number = ++this.roomCount
    const room = { id: `room_${number}`, members }
    this.rooms.push(room)
    this.say('server', room, `Room ${number} has been created and you have been added as a participant.`)
    return room.id
  }

  private leave(holder: Holder, room: Room): string {
    if (!room.members.includes(holder)) throw new Refusal('not_a_member')
    this.remove(room, holder)
    return room.id
  }

  private poll(holder: Holder, lastId: number, limit: number): object {
    const isFor = ({ to }: Line) => to === holder || ('members' in to && to.members.includes(holder))
    const all = this.lines.filter((line) => line.id > lastId && isFor(line))
    const messages = all.slice(0, limit).map(({ id, sender, recipient, message, by, clientId }) => ({
      id,
      sender,
      recipient,
      message,
      ...(by === holder && clientId !== undefined && { client_id: clientId }),
    }))
    return { messages, last_id: messages.at(-1)?.id ?? lastId, has_more: all.length > limit }
  }

  private remove(room: Room, holder: Holder): void {
    room.members.splice(room.members.indexOf(holder), 1)
    if (room.members.length === 0) this.rooms = this.rooms.filter((other) => other !== room)
    else this.say('server', room, `${holder.name} has left room ${room.id.slice('room_'.length)}.`)
  }

  private say(sender: string, to: Holder | Room, message: string, by?: Holder, clientId?: string): number {
    const id = this.lines.length + 1
    this.lines.push({ id, sender, recipient: nameOf(to), message, by, to, clientId })
    return id
  }
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

const nameOf = (target: Holder | Room): string => ('members' in target ? target.id : target.name)
