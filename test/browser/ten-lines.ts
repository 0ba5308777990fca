import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { root } from '../clients/run-bin.js'
import { newPage } from '../support/browser.js'
import { startServer } from '../support/server.js'
import { folderOf } from '../support/test-folder.js'

/** The page of README.md that chats, as somebody saves it and opens it from a folder, with no server of pages. */
export async function tenLines(t: Test, browser: Browser): Promise<void> {
  const { url } = await startServer(t, { CHATROOM_AUTH: 'token' })
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, page = ''] = /^## Ten lines that chat\n.*?^```html\n(.*?)^```$/ms.exec(readme) ?? []
  t.equal(page.trim().split('\n').length, 10)
  const folder = folderOf(t, { 'chat.html': page.replaceAll('http://localhost:5003', url) })
  const file = pathToFileURL(join(folder, 'chat.html')).href

  const open = async (username: string): Promise<Page> => {
    const page = await newPage(t, browser)
    page.on('dialog', (dialog) => void dialog.accept(username))
    page.on('pageerror', (error) => t.fail(error.message))
    await page.goto(file)
    return page
  }
  const alice = await open('alice')
  const bob = await open('bob')
  const lines = ['alice: Hello, Bob!', 'bob: Hello, Alice!']
  await say(alice, 'bob', 'Hello, Bob!')
  for (const page of [alice, bob]) await page.getByText('alice: Hello, Bob!').waitFor()
  await say(bob, 'alice', 'Hello, Alice!')
  for (const page of [alice, bob]) await page.getByText('bob: Hello, Alice!').waitFor()
  for (const page of [alice, bob]) t.same((await page.locator('pre').innerText()).trim().split('\n'), lines)
}

async function say(page: Page, to: string, text: string): Promise<void> {
  await page.getByPlaceholder('To').fill(to)
  await page.getByPlaceholder('Message').fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}
