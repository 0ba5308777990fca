import type { Locator, Page } from 'playwright-core'

/** What Swagger UI shows of an answer. */
export interface Shown {
  readonly status: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Swagger UI, used as a reader does. An operation goes by its method and path: `POST /register`. */
export class DocsPage {
  /** What the browser had to say: errors, what the policy of the page refused, what did not load. */
  readonly complaints: string[] = []
  /** The addresses of all that was loaded. */
  readonly loaded: string[] = []

  private constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('requestfailed', (request) => this.complaints.push(`${request.url()} failed`))
    page.on('request', (request) => this.loaded.push(request.url()))
  }

  /** Opens the documentation of a server, and waits until its operations are there. */
  static async open(page: Page, server: string): Promise<DocsPage> {
    const docs = new DocsPage(page)
    await page.goto(`${server}/docs`)
    await page.locator('.opblock').first().waitFor()
    return docs
  }

  /** Every operation, in the order in which it is shown. */
  async operations(): Promise<string[]> {
    const summaries = await this.page.locator('.opblock-summary').all()
    return Promise.all(
      summaries.map(async (summary) => {
        const method = await summary.locator('.opblock-summary-method').innerText()
        const path = await summary.locator('.opblock-summary-path').getAttribute('data-path')
        return `${method} ${path}`
      }),
    )
  }

  operation(name: string): Locator {
    const [method = '', path = ''] = name.split(' ')
    return this.page
      .locator(`.opblock-${method.toLowerCase()}`)
      .filter({ has: this.page.locator(`[data-path="${path}"]`) })
  }

  /** Opens the operation, ready to be tried. */
  async unfold(name: string): Promise<Locator> {
    const operation = this.operation(name)
    const execute = operation.locator('.btn.execute')
    if (!(await execute.isVisible())) await operation.locator('.opblock-summary-control').click()
    await execute.waitFor()
    return operation
  }

  /** What is unfolded is drawn anew with each thing that happens: a page on which all is takes minutes. */
  private async fold(operation: Locator): Promise<void> {
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('.btn.execute').waitFor({ state: 'detached' })
  }

  /** The body that a reader finds filled in. */
  async body(name: string): Promise<unknown> {
    const operation = await this.unfold(name)
    const body: unknown = JSON.parse(await operation.locator('textarea').inputValue())
    await this.fold(operation)
    return body
  }

  /** Fills in a body in place of what is there. */
  async fillBody(name: string, body: object): Promise<void> {
    const operation = await this.unfold(name)
    await operation.locator('textarea').fill(JSON.stringify(body))
  }

  async fillParameter(name: string, parameter: string, value: string): Promise<void> {
    const operation = await this.unfold(name)
    await operation.locator(`[data-param-name="${parameter}"] input`).fill(value)
  }

  /** Executes the operation with what is filled in. */
  async execute(name: string): Promise<Shown> {
    const operation = await this.unfold(name)
    // Else the answer that is read could be the one before.
    const clear = operation.locator('.btn-clear')
    if (await clear.isVisible()) await clear.click()
    await operation.locator('.btn.execute').click()
    const answer = operation.locator('.live-responses-table .response')
    const body = await answer.locator('code.language-json').first().innerText()
    const status = await answer.locator('.response-col_status').innerText()
    await this.fold(operation)
    return { status, body: JSON.parse(body) as Shown['body'] }
  }

  /** Gives Swagger UI the token of a user to send from here on. */
  async authorize(token: string): Promise<void> {
    await this.page.locator('.auth-wrapper .btn.authorize').click()
    const dialog = this.page.locator('.dialog-ux')
    const user = dialog.locator('form', { hasText: 'bearerAuth' })
    const other = user.getByText('Logout', { exact: true })
    if (await other.isVisible()) await other.click()
    await user.locator('input').fill(token)
    await user.locator('.btn.authorize').click()
    await user.locator('.btn-done').click()
    await dialog.waitFor({ state: 'detached' })
  }
}
