import type { Server } from './server.js'

type Json = Record<string, unknown>

export async function post(server: Server, path: string, body: object): Promise<Json> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await response.json()) as Json
}

/** What a user reads, from the first message on. */
export const textsOf = async ({ url }: Server, username: string): Promise<string[]> => {
  const texts: string[] = []
  for (let [last, more] = [0, true]; more;) {
    const page = (await (await fetch(`${url}/messages?username=${username}&last_id=${last}`)).json()) as {
      messages: { message: string }[]
      last_id: number
      has_more: boolean
    }
    texts.push(...page.messages.map(({ message }) => message))
    ;[last, more] = [page.last_id, page.has_more]
  }
  return texts
}

/** Sends one message after another until it is stopped. */
export function keepSending(server: Server) {
  const answered: string[] = []
  const over = new AbortController()
  const done = (async () => {
    for (let number = 1; !over.signal.aborted; number++) {
      const message = `message ${number}`
      const { status } = await post(server, '/send', { sender: 'alice', recipient: 'bob', message })
      if (status === 'success') answered.push(message)
    }
  })()
  return {
    answered,
    /** Rejects when the server is gone. */
    done,
    stop: () => {
      over.abort()
      return done
    },
  }
}
