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
  | { readonly do: 'edit'; readonly name: string; readonly id: number; readonly text: string }
  | { readonly do: 'delete'; readonly name: string; readonly id: number }
  | {
      readonly do: 'read'
      readonly name: string
      readonly with: string
      readonly beforeId: number
      readonly limit: number
    }
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
  message: string
  isEdited?: true
  isDeleted?: true
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
      case 'edit':
        return this.edit(this.holder(step.name), step.id, step.text)
      case 'delete':
        return this.delete(this.holder(step.name), step.id)
      case 'read':
        return this.read(this.holder(step.name), step)
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
    const messages = all.slice(0, limit).map((line) => viewOf(line, holder))
    return { messages, last_id: messages.at(-1)?.id ?? lastId, has_more: all.length > limit }
  }

  private edit(holder: Holder, id: number, text: string): object {
    const line = this.readable(holder, id)
    if (line.isDeleted) throw new Refusal('message_not_found')
    if (line.by !== holder) throw new Refusal('not_allowed')
    line.message = text
    line.isEdited = true
    return viewOf(line, holder)
  }

  private delete(holder: Holder, id: number): object {
    const line = this.readable(holder, id)
    const isAdmin = 'members' in line.to && line.to.members[0] === holder
    if (line.by !== holder && !isAdmin) throw new Refusal('not_allowed')
    line.message = ''
    delete line.isEdited
    line.isDeleted = true
    return viewOf(line, holder)
  }

  /** A message that the holder may read. */
  private readable(holder: Holder, id: number): Line {
    const line = this.lines.find((it) => it.id === id)
    const isMember = line && 'members' in line.to && line.to.members.includes(holder) && this.rooms.includes(line.to)
    if (!line || !(isMember || line.to === holder || (line.by === holder && !('members' in line.to))))
      throw new Refusal('message_not_found')
    return line
  }

  private read(holder: Holder, step: Extract<Step, { do: 'read' }>): object {
    const other = step.with.startsWith('room_') ? this.room(step.with) : this.holder(step.with)
    if ('members' in other && !other.members.includes(holder)) throw new Refusal('not_a_member')
    const isOfIt = ({ by, to }: Line) =>
      (to === other && 'members' in to) || (by === holder && to === other) || (by === other && to === holder)
    const all = this.lines.filter((line) => line.id < step.beforeId && isOfIt(line))
    const messages = all.slice(-step.limit).map((line) => viewOf(line, holder))
    return { messages, has_more: all.length > step.limit }
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

const viewOf = ({ id, sender, recipient, message, by, clientId, isEdited, isDeleted }: Line, reader: Holder) => ({
  id,
  sender,
  recipient,
  message,
  ...(isEdited && { edited: true }),
  ...(isDeleted && { deleted: true }),
  ...(by === reader && clientId !== undefined && { client_id: clientId }),
})

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

const nameOf = (target: Holder | Room): string => ('members' in target ? target.id : target.name)
