import type { Paths } from '../data-folder/paths.js'
import { verifyView } from '../data-folder/verify.js'
import { viewBackup, viewFolder } from '../data-folder/view.js'
import { DataError } from '../base/data-error.js'
import { readMark } from '../log/mark.js'
import { fileOf, pathsOf, type Call, type Command } from './command.js'

/** Problems that are told one by one. */
const mostTold = 100
const cure = 'Move the folder away and bring back a backup with "npx chatroom restore FILE".'

export const verify: Command = {
  help: `chatroom verify [FILE]

Looks through the folder that CHATROOM_DATA names, while the server runs or when it is stopped, or through a backup: that
each row is what the server wrote, that none of the log is missing, that users, rooms, members and messages agree with each
other and with the log, and that a start would succeed. It changes nothing. Each problem is a line; the exit code is 1
then.`,

  async run(call: Call): Promise<number> {
    const paths = call.file === undefined ? pathsOf(call.settings) : undefined
    const problems = new Problems(call, call.file === undefined ? cure : 'Take another backup.')
    try {
      for (const line of await (paths ? folder(call, paths, problems) : backup(call, fileOf(call), problems)))
        call.write(line)
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      problems.tell(error.message)
    }
    call.write(problems.summary())
    return problems.count === 0 ? 0 : 1
  },
}

async function folder({ onProgress }: Call, paths: Paths, problems: Problems): Promise<readonly string[]> {
  // Before the log is read: it is behind it.
  const mark = readMark(paths.mark)
  const view = viewFolder(paths)
  try {
    const { newest, lines } = await verifyView(view, problems.tell, onProgress)
    if (mark !== undefined && mark > newest)
      problems.tell(`${paths.log}: it ends at entry ${newest}, but entries up to ${mark} were committed`)
    return mark === undefined ? lines : [...lines, `${paths.mark}: entry ${mark}`]
  } finally {
    view.close()
  }
}

async function backup({ onProgress }: Call, file: string, problems: Problems): Promise<readonly string[]> {
  const view = viewBackup(file)
  try {
    return (await verifyView(view, problems.tell, onProgress)).lines
  } finally {
    view.close()
  }
}

/** Writes each problem, up to a bound. */
class Problems {
  count = 0

  constructor(
    private readonly call: Call,
    private readonly cure: string,
  ) {}

  readonly tell = (problem: string): void => {
    this.count++
    if (this.count <= mostTold) this.call.write(withCure(problem, this.cure))
  }

  summary(): string {
    if (this.count === 0) return 'Nothing is wrong.'
    const untold = this.count > mostTold ? `, of which the first ${mostTold} are above` : ''
    return `${this.count.toLocaleString('en')} problem${this.count === 1 ? '' : 's'}${untold}.`
  }
}

const withCure = (problem: string, cure: string): string =>
  /chatroom restore|\.$/.test(problem) ? problem : `${problem}. ${cure}`
