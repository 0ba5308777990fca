import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { buildApp } from '../src/app.js'
import { launchBrowser, missingBrowser } from './support/browser.js'
import { testSettings } from './support/chat.js'

/** Takes README.md's picture of the page of ten lines, open twice: `npm run build && npx tsx test/shoot-chat.ts`. */

const root = fileURLToPath(new URL('..', import.meta.url))
const names = ['alice', 'bob']
const talk = [
  ['alice', 'bob', 'Hello, how are you?'],
  ['bob', 'alice', 'Fine, thanks! Is this really all of the page?'],
  ['alice', 'bob', 'Ten lines, and nothing to install.'],
] as const

/** The two pages, each as a picture, side by side. */
const beside = (pictures: readonly Buffer[]): string => `<!doctype html><style>
  body { display: flex; gap: 16px; margin: 16px; background: #e8ecf1; font-family: sans-serif }
  figure { margin: 0; background: white; border-radius: 8px; overflow: hidden; box-shadow: 0 1px 4px #0003 }
  figcaption { padding: 8px 12px; background: #30405a; color: white }
  img { display: block; width: 420px }
</style>${pictures
  .map(
    (picture, index) =>
      `<figure><figcaption>${names[index] ?? ''}</figcaption><img src="data:image/png;base64,${picture.toString('base64')}"></figure>`,
  )
  .join('')}`

async function say(page: Page, to: string, text: string): Promise<void> {
  await page.getByPlaceholder('To').fill(to)
  await page.getByPlaceholder('Message').fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}

if (missingBrowser !== undefined) throw new Error(missingBrowser)
const app = await buildApp({ settings: testSettings() })
const url = await app.listen({ host: '127.0.0.1', port: 0 })
const readme = await readFile(join(root, 'README.md'), 'utf8')
const [, chat = ''] = /^## Ten lines that chat\n.*?^```html\n(.*?)^```$/ms.exec(readme) ?? []
const folder = await mkdtemp(join(tmpdir(), 'chatroom-picture-'))
await writeFile(join(folder, 'chat.html'), chat.replaceAll('http://localhost:5003', url))

async function open(browser: Browser, name: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 420, height: 140 }, deviceScaleFactor: 2 })
  page.on('dialog', (dialog) => void dialog.accept(name))
  await page.goto(pathToFileURL(join(folder, 'chat.html')).href)
  return page
}

const browser = await launchBrowser('*.test 127.0.0.1')
try {
  const pages = new Map<string, Page>()
  for (const name of names) pages.set(name, await open(browser, name))
  for (const [from, to, text] of talk) {
    const page = pages.get(from)
    if (page) await say(page, to, text)
    for (const reader of pages.values()) await reader.getByText(text).waitFor()
  }
  const pictures = await Promise.all([...pages.values()].map((page) => page.screenshot({ animations: 'disabled' })))
  const page = await browser.newPage({ viewport: { width: 888, height: 208 }, deviceScaleFactor: 2 })
  await page.setContent(beside(pictures))
  await page.screenshot({ path: join(root, 'openapi/chat.png') })
} finally {
  await browser.close()
  await app.close()
  await rm(folder, { recursive: true })
}
