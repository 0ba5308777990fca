import { randomInt } from 'node:crypto'
import { setTimeout as pauseFor } from 'node:timers/promises'
import type { Test } from 'tap'
import type { ChatClient } from '../../src/client/index.js'
import { clientAt, Following } from './chat-client.js'
import { until } from './remote.js'

/** A message that was acknowledged. */
interface Acknowledged {
  readonly id: number
  readonly sender: string
  readonly request: Readonly<Record<string, string>>
}

/** What one of them has heard. */
interface Heard {
  readonly name: string
  readonly ids: number[]
  resyncs: number
}

/** The pause between two messages of one of them, in ms, at most. */
const pauseMs = 600

/** People in one room, each at one node or another, who speak all the time and take down what they hear. */
export class Crowd {
  readonly acknowledged: Acknowledged[] = []
  /** Sends that came to nothing, each of which was told so. */
  refused = 0
  private readonly heard: Heard[] = []
  private latest = performance.now()
  private longest = 0
  /** Of each of them, what its slowest send has taken, in ms. */
  private readonly slowest = new Map<string, number>()
  private isOver = false
  private speaking: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly clients: ReadonlyMap<string, ChatClient>,
    private readonly room: string,
  ) {}

  /** Registers them, puts them into a room, and has them listen. */
  static async gather(t: Test, urls: readonly string[], count: number): Promise<Crowd> {
    const clients = new Map<string, ChatClient>()
    for (let number = 0; number < count; number++) {
      const name = `p${number}`
      const client = clientAt('', { baseUrl: urls })
      await client.register({ username: name })
      clients.set(name, client)
    }
    const [first, ...others] = clients.values()
    const participants = Array.from(clients.keys()).slice(1)
    const { room_id: room } = await (first as ChatClient).createRoom({ participants })
    const crowd = new Crowd(clients, room)
    await Promise.all([first as ChatClient, ...others].map((client, number) => crowd.listen(t, client, `p${number}`)))
    return crowd
  }

  /** A message that somebody may send. */
  get anyMessage(): Record<string, string> {
    return { sender: 'p0', recipient: this.room, message: 'not now', client_id: `x${randomInt(2 ** 40)}` }
  }

  begin(): void {
    this.latest = performance.now()
    this.speaking = Promise.all(Array.from(this.clients, ([name, client]) => this.speak(name, client)))
  }

  /** Ends it, when all have heard all that was acknowledged, or nothing more comes. */
  async end(): Promise<void> {
    this.isOver = true
    await this.speaking
    const last = Math.max(...this.acknowledged.map(({ id }) => id))
    const end = performance.now() + 30_000
    await until(() => this.heard.every(({ ids }) => (ids.at(-1) ?? 0) >= last) || performance.now() > end)
  }

  /** Looks for the longest time without an acknowledgement from now on. @returns now, in ms */
  restartGaps(): number {
    this.longest = 0
    this.slowest.clear()
    return (this.latest = performance.now())
  }

  get longestMs(): number {
    return Math.round(this.longest)
  }

  /** What the slowest send of a person has taken, in words: of the median of them, and of the worst. */
  get waits(): string {
    const all = Array.from(this.slowest.values(), Math.round).sort((one, other) => one - other)
    return `${all[Math.floor(all.length / 2)]} ms (median) to ${all.at(-1)} ms`
  }

  /** Some of what was acknowledged. */
  some(count: number): Acknowledged[] {
    return Array.from({ length: count }, () => this.acknowledged[randomInt(this.acknowledged.length)] as Acknowledged)
  }

  /** What is not as it must be, in words. */
  problems(): string[] {
    const ids = this.acknowledged.map(({ id }) => id).sort((one, other) => one - other)
    const twice = ids.filter((id, index) => id === ids[index - 1])
    const problems = twice.map((id) => `message ${id} was acknowledged twice`)
    for (const { name, ids: heard, resyncs } of this.heard) {
      const all = new Set(heard)
      const missing = ids.filter((id) => !all.has(id))
      if (missing.length > 0) problems.push(`${name} has not heard ${missing.length}, ${missing.slice(0, 5).join(' ')}`)
      const disorder = heard.findIndex((id, index) => id <= (heard[index - 1] ?? 0))
      if (disorder >= 0) problems.push(`${name} has heard ${heard[disorder]} after ${heard[disorder - 1]}`)
      if (resyncs > 0) problems.push(`${name} had to begin anew ${resyncs} times`)
    }
    return problems
  }

  private async listen(t: Test, client: ChatClient, name: string): Promise<void> {
    const heard: Heard = { name, ids: [], resyncs: 0 }
    this.heard.push(heard)
    const following = new Following(t, client)
    await following.next('hello')
    void (async () => {
      for (let event = await following.take(); event; event = await following.take()) {
        if (event.type === 'resync') heard.resyncs++
        if (event.type === 'message.created' && event.message.sender !== 'server') heard.ids.push(event.message.id)
      }
    })()
  }

  private async speak(name: string, client: ChatClient): Promise<void> {
    for (let count = 0; !this.isOver; count++) {
      const message = `${name} says ${count}`
      const begin = performance.now()
      try {
        const { message_id: id, client_id } = await client.send(this.room, message)
        this.note()
        this.slowest.set(name, Math.max(this.slowest.get(name) ?? 0, performance.now() - begin))
        this.acknowledged.push({
          id,
          sender: name,
          request: { sender: name, recipient: this.room, message, client_id },
        })
      } catch {
        this.refused++
      }
      await pauseFor(randomInt(pauseMs))
    }
  }

  private note(): void {
    const now = performance.now()
    this.longest = Math.max(this.longest, now - this.latest)
    this.latest = now
  }
}
