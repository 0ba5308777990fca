import { bad, good, type Finding } from '../finding.js'
import type { Target } from '../target.js'

/** Whether a ChatRoom answers at all; if not, there is nothing else to look at. */
export async function answers(target: Target): Promise<Finding> {
  const { status, json, durationMs } = await target.ask('health')
  if (status !== 200 || json?.['status'] !== 'success')
    return bad(
      `${target.url('health').href} answers ${status}, not as ChatRoom does. Is the URL, with its prefix, right?`,
    )
  const document = await target.ask('openapi.json')
  const { version } = (document.json?.['info'] ?? {}) as { readonly version?: string }
  if (version === undefined)
    return bad(`${target.url('openapi.json').href} answers ${document.status} without a document.`)
  return good(`ChatRoom ${version} answers after ${Math.round(durationMs)} ms.`)
}
