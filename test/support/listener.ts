import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Test } from 'tap'
import { WebSocket, type ClientOptions } from 'ws'
import type { Event } from '../../schemas/events.js'

export interface Opening {
  readonly username?: string | undefined
  readonly token?: string | undefined
  readonly lastEventId?: string | undefined
}

/** How a connection ended: by a close code, or by an answer that is no success. */
export interface End {
  readonly code: number
  readonly reason: string
}

/** Somebody who listens, whatever the transport. Events are taken in order. */
export class Listener {
  readonly seen: Event[] = []
  /** The cursor behind the latest event that has one. */
  cursor: string | undefined
  end: End | undefined
  private taken = 0
  private wake: () => void = () => undefined

  constructor(readonly close: () => void) {}

  hear(event: Event): void {
    this.seen.push(event)
    if ('event_id' in event) this.cursor = event.event_id
    this.wake()
  }

  finish(end: End): void {
    this.end ??= end
    this.wake()
  }

  /** The next event, of a type if one is named: those before are passed over. */
  async next<T extends Event['type']>(type?: T): Promise<Extract<Event, { type: T }>> {
    for (;;) {
      const event = this.seen[this.taken]
      if (event) {
        this.taken++
        if (type === undefined || event.type === type) return event as Extract<Event, { type: T }>
      } else if (this.end) throw new Error(`it ended with ${JSON.stringify(this.end)} before ${type ?? 'an event'}`)
      else await this.news()
    }
  }

  /** The texts of the next messages, as many as are asked for. */
  async texts(count: number): Promise<string[]> {
    const texts: string[] = []
    while (texts.length < count) texts.push((await this.next('message.created')).message.message)
    return texts
  }

  /** How it ends. */
  async ended(): Promise<End> {
    while (!this.end) await this.news()
    return this.end
  }

  private news(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve))
  }
}

export interface Transport {
  readonly name: string
  /** Whether a connection stays open until one of the two closes it. */
  readonly stays: boolean
  /** Begins to listen; it ends with the test. */
  open(t: Test, url: string, opening: Opening): Listener
}

function query({ username, lastEventId }: Opening, more: Record<string, string> = {}): string {
  const named = {
    ...(username !== undefined && { username }),
    ...(lastEventId !== undefined && { last_event_id: lastEventId }),
  }
  return new URLSearchParams({ ...named, ...more }).toString()
}

const bearer = ({ token }: Opening): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

const failureOf = async (response: IncomingMessage): Promise<End> => {
  const body = Buffer.concat(await response.toArray()).toString()
  return { code: response.statusCode ?? 0, reason: (JSON.parse(body) as { code: string }).code }
}

/** The WebSocket itself is handed on, for who speaks. */
export function openWebSocket(t: Test, url: string, opening: Opening, options: ClientOptions = {}) {
  const webSocket = new WebSocket(`${url.replace('http', 'ws')}/ws?${query(opening)}`, {
    headers: bearer(opening),
    ...options,
  })
  const listener = new Listener(() => webSocket.close())
  const answers: Record<string, unknown>[] = []
  webSocket.on('message', (data: Buffer) => {
    const json = JSON.parse(data.toString()) as Event
    if (['ack', 'error'].includes(json.type)) answers.push(json)
    else listener.hear(json)
    webSocket.emit('heard')
  })
  webSocket.on('close', (code, reason) => listener.finish({ code, reason: reason.toString() }))
  webSocket.on('error', () => undefined)
  webSocket.on('unexpected-response', (_request, response) => {
    void failureOf(response).then((end) => listener.finish(end))
  })
  t.teardown(() => webSocket.terminate())
  const answer = async (): Promise<Record<string, unknown>> => {
    while (answers.length === 0) await once(webSocket, 'heard')
    return answers.shift() as Record<string, unknown>
  }
  return { webSocket, listener, answer }
}

const webSocket: Transport = {
  name: 'WebSocket',
  stays: true,
  open: (t, url, opening) => openWebSocket(t, url, opening).listener,
}

const eventStream: Transport = {
  name: 'Server-Sent Events',
  stays: true,
  open: (t, url, opening) => {
    const headers = { ...bearer(opening), accept: 'text/event-stream' }
    const request = httpRequest(`${url}/events?${query(opening)}`, { headers, agent: false })
    const listener = new Listener(() => request.destroy())
    let text = ''
    const take = (chunk: string) => {
      const records = (text + chunk).split('\n\n')
      text = records.pop() ?? ''
      for (const record of records) takeRecord(listener, record)
    }
    request.on('response', (response) => {
      if (response.statusCode !== 200) void failureOf(response).then((end) => listener.finish(end))
      else
        response
          .setEncoding('utf8')
          .on('data', take)
          .on('error', () => undefined)
    })
    request.on('error', () => undefined)
    request.on('close', () => listener.finish({ code: 1006, reason: '' }))
    request.end()
    t.teardown(() => request.destroy())
    return listener
  },
}

function takeRecord(listener: Listener, record: string): void {
  const lines = record.split('\n')
  const data = lines.find((line) => line.startsWith('data: '))?.slice('data: '.length)
  if (data === undefined) return
  const event = JSON.parse(data) as Event
  const id = lines.find((line) => line.startsWith('id: '))?.slice('id: '.length)
  if (id !== ('event_id' in event ? event.event_id : undefined)) throw new Error(`the id of ${data} is ${id}`)
  if (event.type === 'closing') listener.finish({ code: event.code, reason: event.reason })
  else listener.hear(event)
}

const longPoll: Transport = {
  name: 'long poll',
  stays: false,
  open: (t, url, opening) => {
    const over = new AbortController()
    const listener = new Listener(() => {
      over.abort()
      listener.finish({ code: 1006, reason: '' })
    })
    const poll = async () => {
      let { lastEventId } = opening
      while (!over.signal.aborted) {
        const address = `${url}/events?${query({ ...opening, lastEventId }, { wait: '20' })}`
        const response = await fetch(address, { headers: bearer(opening), signal: over.signal })
        const body = (await response.json()) as { code?: string; events: Event[]; event_id: string }
        if (body.code !== undefined) {
          listener.finish({ code: response.status, reason: body.code })
          return
        }
        for (const event of body.events) {
          if (event.type === 'closing') listener.finish({ code: event.code, reason: event.reason })
          else listener.hear(event)
        }
        if (listener.end) return
        lastEventId = body.event_id
        listener.cursor = lastEventId
      }
    }
    poll().catch(() => listener.finish({ code: 1006, reason: '' }))
    t.teardown(() => over.abort())
    return listener
  },
}

export const transports: readonly Transport[] = [webSocket, eventStream, longPoll]
