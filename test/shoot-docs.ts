import { fileURLToPath } from 'node:url'
import { buildApp } from '../src/app.js'
import { DocsPage } from './browser/docs-page.js'
import { launchBrowser, missingBrowser } from './support/browser.js'
import { testSettings } from './support/chat.js'

/** Takes the README's picture of Swagger UI: `npx tsx test/shoot-docs.ts`. */

const picture = fileURLToPath(new URL('../openapi/swagger-ui.png', import.meta.url))
const operation = 'POST /send'
/** The address that the README speaks of, wherever the server for the picture listens. */
const shown = 'localhost:5003'

/** What a reader scrolls past: all that the operation may answer, the headers, the schemas, the empty half of the body. */
const leaveOut = `
  .responses-inner > .responses-table, .responses-inner > div > h4, .request-duration,
  .live-responses-table :is(h5, .response-col_description > div):nth-of-type(n + 2),
  .swagger-ui section.models { display: none }
  .swagger-ui textarea { min-height: 0; height: 110px }
  .swagger-ui { padding-bottom: 30px }
`

if (missingBrowser !== undefined) throw new Error(missingBrowser)
const app = await buildApp({ settings: testSettings() })
const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 })).host
for (const username of ['alice', 'bob']) await app.inject({ method: 'POST', url: '/register', payload: { username } })

const browser = await launchBrowser(`${shown} ${address}`)
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: true })
  const docs = await DocsPage.open(page, `http://${shown}`)
  const { status, body } = await docs.execute(operation)
  if (status !== '200') throw new Error(`${operation} answered ${status} ${JSON.stringify(body)}`)
  await page.addStyleTag({ content: leaveOut })
  await page.screenshot({ path: picture, fullPage: true, animations: 'disabled' })
} finally {
  await browser.close()
  await app.close()
}
