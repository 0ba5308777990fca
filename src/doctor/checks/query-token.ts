import { bad, good, note, type Check } from '../finding.js'

/** WebSocket and EventSource of a browser send no headers: their token is in the query. */
export const queryToken: Check = {
  name: 'Token in the query',
  async run(target, _times, { token }) {
    const { status } = await target.ask(`events?wait=0&access_token=${token}`)
    if (status !== 200)
      return [bad(`A token in the query is answered ${status}: the query must be handed on as it is.`)]
    return [
      good('A token in the query arrives.'),
      note('ChatRoom writes it to no log; see that the access log of a proxy leaves the query out, too.'),
    ]
  },
}
