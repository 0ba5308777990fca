/** Bytes at the front of a frame that are looked at. */
const headBytes = 1024

const text = String.raw`"(?:[^"\\]|\\.)*"`
const member = String.raw`\s*${text}\s*:\s*(?:${text}|[\w.+-]+)\s*,`
const clientId = new RegExp(String.raw`^\s*\{(?:${member})*?\s*"client_id"\s*:\s*(${text})`, 's')

/**
 * The `client_id` of a frame that is refused, if it is said near its front: whoever sends too much is told which frame it
 * was, at no more cost than that of a short one. Frames have no members in which others are.
 */
export function clientIdIn(frame: Buffer): string | undefined {
  const said = clientId.exec(frame.toString('utf8', 0, headBytes))?.[1]
  try {
    return said === undefined ? undefined : (JSON.parse(said) as string)
  } catch {
    return undefined
  }
}
