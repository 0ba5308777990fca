/**
 * Reads an event stream (WHATWG HTML, section 9.2.6 "Interpreting an event stream"): takes it as it comes, and gives the
 * data of each event. Comments, names and ids are passed over: an event says them itself.
 */
export function eventStream(give: (data: string) => void): (text: string) => void {
  let rest = ''
  let data: string[] = []
  const takeLine = (line: string): void => {
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
    if (line !== '' || data.length === 0) return
    give(data.join('\n'))
    data = []
  }
  return (text) => {
    rest += text
    // A CR at the end may be the half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    lines.forEach(takeLine)
  }
}
