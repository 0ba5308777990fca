import t from 'tap'
import { clientInPage } from './browser/client.js'
import { docs } from './browser/docs.js'
import { liveEvents } from './browser/live.js'
import { otherOrigins } from './browser/other-origins.js'
import { tenLines } from './browser/ten-lines.js'
import { missingBrowser, startBrowser } from './support/browser.js'

if (missingBrowser === undefined) {
  const browser = await startBrowser(t)
  await t.test('the ten lines that chat', (t) => tenLines(t, browser))
  await t.test('pages of other origins', (t) => otherOrigins(t, browser))
  await t.test('live events', (t) => liveEvents(t, browser))
  await t.test('the client in a page', { timeout: 500_000 }, (t) => clientInPage(t, browser))
  await t.test('Swagger UI', (t) => docs(t, browser))
} else if (process.env['CI'] === 'true') {
  t.fail(missingBrowser)
} else {
  t.plan(0, missingBrowser)
}
