import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Test } from 'tap'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Why there is no browser, in a line; undefined if there is one. */
export const missingBrowser = existsSync(executablePath)
  ? undefined
  : `There is no Chromium at ${executablePath}; CHROMIUM_PATH says where it is.`

/** How long something may take to be shown on a machine that has much to do, in ms. */
const patience = 120_000

/** It speaks to nobody but to whom it is sent, and asks for nothing that a container has not. */
const frugal = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts a real browser with a profile of its own.
 * @param hosts Names that it is to find elsewhere, as Chromium writes it: `*.test 127.0.0.1`.
 */
export const launchBrowser = (hosts: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...frugal, `--host-resolver-rules=MAP ${hosts}`] })

/** A browser to which every name below `.test` (RFC 6761) is this machine; it closes with the test. */
export async function startBrowser(t: Test): Promise<Browser> {
  const browser = await launchBrowser('*.test 127.0.0.1')
  t.teardown(() => browser.close())
  return browser
}

/** A page that shares nothing with others: no cache, no storage, no preflights remembered. It closes with the test. */
export async function newPage(t: Test, browser: Browser): Promise<Page> {
  const context = await browser.newContext()
  context.setDefaultTimeout(patience)
  t.teardown(() => context.close())
  return context.newPage()
}
