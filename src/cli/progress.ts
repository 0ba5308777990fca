import type { OnProgress } from '../data-folder/copy-table.js'

/** The pause between two lines, in ms; who is done sooner says nothing. */
const pause = 1000

/** Where the lines go. */
export type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>

/** Tells those who wait how far it has come: a line a second, on a terminal always the same one. */
export function progressTo(terminal: Terminal): { onProgress: OnProgress; end: () => void } {
  let next = performance.now() + pause
  let shown = false
  return {
    onProgress(what, done, total) {
      if (performance.now() < next) return
      next = performance.now() + pause
      const line = `${what}: ${amount(done, total)}`
      terminal.write(terminal.isTTY ? `\r\u001B[K${line}` : `${line}\n`)
      shown = terminal.isTTY
    },
    end() {
      if (shown) terminal.write('\r\u001B[K')
      shown = false
    },
  }
}

function amount(done: number, total: number | undefined): string {
  if (total === undefined) return done.toLocaleString('en')
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100)
  return `${done.toLocaleString('en')} of ${total.toLocaleString('en')}, ${percent} %`
}
