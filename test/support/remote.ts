import type { Message } from '../../schemas/message.js'

/** What a server over the network has answered. */
export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

interface Page {
  readonly messages: readonly Message[]
  readonly last_id: number
  readonly has_more: boolean
}

/** @throws {TypeError} if there is no answer */
export async function post(url: string, path: string, body: object): Promise<Answer> {
  return answerOf(
    await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
}

/** @throws {TypeError} if there is no answer */
export const get = async (url: string, path: string): Promise<Answer> => answerOf(await fetch(url + path))

/** All messages of a user after one of them, page by page. */
export async function readAll(url: string, username: string, lastId = 0): Promise<Message[]> {
  const messages: Message[] = []
  for (;;) {
    const { status, body } = await get(url, `/messages?username=${username}&last_id=${lastId}&limit=1000`)
    if (status !== 200) throw new Error(`the page after message ${lastId} is ${status} ${JSON.stringify(body)}`)
    const page = body as unknown as Page
    messages.push(...page.messages)
    if (!page.has_more) return messages
    lastId = page.last_id
  }
}

const answerOf = async (response: Response): Promise<Answer> => ({
  status: response.status,
  body: (await response.json()) as Answer['body'],
})

/** How often it is looked at once, before what is waited for is given the processor, and how long, in ms. */
const looks = 10
const pause = 2

/** Looks again until it is so; the test's time limit is the end of patience. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; !(await isSo()); look++)
    await new Promise((resolve) => (look < looks ? setImmediate(resolve) : setTimeout(resolve, pause)))
}
