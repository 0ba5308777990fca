import { bad, good, note, type Check } from '../finding.js'

const origin = 'https://doctor.invalid'

/** A page of another origin asks first, then calls (WHATWG Fetch section 3.2). */
export const cors: Check = {
  name: 'CORS',
  async run(target) {
    const asked = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type',
    }
    const preflight = await target.ask('send', { method: 'OPTIONS', headers: asked })
    const answer = await target.ask('announcement', { headers: { origin } })
    for (const { status, headers } of [preflight, answer]) {
      const allowed = headers['access-control-allow-origin']
      if (allowed?.includes(','))
        return [bad(`access-control-allow-origin is there twice ("${allowed}"): the proxy must not add its own.`)]
      if (allowed === undefined && status < 300)
        return [note(`A page of ${origin} may not call; CHATROOM_CORS_ORIGIN says whose pages may.`)]
      if (status >= 300)
        return [
          bad(
            `A page's ${status === preflight.status ? 'preflight' : 'call'} is answered ${status}: the proxy must hand it on.`,
          ),
        ]
    }
    const headers = preflight.headers['access-control-allow-headers'] ?? ''
    if (!/authorization|\*/i.test(headers))
      return [bad('The preflight does not allow the header Authorization, which carries the token.')]
    return [good('Pages of other origins may call.')]
  },
}
