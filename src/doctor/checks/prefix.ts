import { bad, good, type Check, type Finding } from '../finding.js'
import type { Target } from '../target.js'

/** More redirects than this are a circle. */
const mostRedirects = 5

/** What the server links to must be found through whatever strips or adds a prefix. */
export const prefix: Check = {
  name: 'Prefix',
  async run(target) {
    const { html, page, wrong } = await follow(target)
    if (wrong) return [wrong]
    const script = /<script[^>]+src="([^"]+)"/.exec(html)?.[1]
    const findings: Finding[] = []
    if (script !== undefined) {
      const url = new URL(script, page)
      const { status } = await target.ask(url)
      if (status !== 200)
        findings.push(bad(`The page of documents asks for ${url.href}, which answers ${status}. ${cure}`))
    }
    const { json } = await target.ask('openapi.json')
    const [server] = (json?.['servers'] ?? []) as readonly { url: string }[]
    const called = new URL(server?.url ?? '', target.url('openapi.json'))
    if (!called.href.replace(/\/*$/, '/').endsWith(target.base.pathname))
      findings.push(bad(`The document sends clients to ${called.href}, not to ${target.base.href}. ${cure}`))
    return findings.length > 0 ? findings : [good(`Links and redirects stay below ${target.base.pathname}`)]
  },
}

const cure = 'Let the proxy strip the prefix, or set CHATROOM_BASE_URL to the URL that clients use.'

async function follow(target: Target): Promise<{ html: string; page: URL; wrong?: Finding }> {
  let page = target.base
  for (let redirects = 0; redirects < mostRedirects; redirects++) {
    const { status, headers, text } = await target.ask(page)
    if (status === 200) return { html: text, page }
    const { location } = headers
    if (location === undefined) return { html: '', page, wrong: bad(`${page.href} answers ${status}. ${cure}`) }
    page = new URL(location, page)
    if (!page.pathname.startsWith(target.base.pathname) || page.host !== target.base.host)
      return { html: '', page, wrong: bad(`A redirect leaves the prefix: it goes to ${page.href}. ${cure}`, 'host') }
  }
  return { html: '', page, wrong: bad(`${target.base.href} redirects in a circle. ${cure}`) }
}
