import { gunzipSync } from 'node:zlib'
import { buffer } from 'node:stream/consumers'
import { bad, good, note, type Check } from '../finding.js'

export const compression: Check = {
  name: 'Compression',
  async run(target) {
    const response = await target.begin('openapi.json', { headers: { 'accept-encoding': 'gzip' } })
    const body = await buffer(response)
    const encoding = response.headers['content-encoding']
    if (encoding === undefined)
      return [note(`Large answers are not compressed (${body.length.toLocaleString('en')} bytes of document).`)]
    try {
      const whole = gunzipSync(body)
      JSON.parse(whole.toString())
      return [
        good(
          `Large answers are compressed: ${whole.length.toLocaleString('en')} bytes as ${body.length.toLocaleString('en')}.`,
        ),
      ]
    } catch {
      return [
        bad(
          `An answer says content-encoding "${encoding}", and is not what gzip gives: it is compressed twice, or changed on its way.`,
        ),
      ]
    }
  },
}
