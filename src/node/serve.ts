import type { Command } from '../cli/command.js'

export const serve: Command = {
  help: `chatroom serve

Runs the server until SIGTERM or Ctrl-C. openapi/settings.md lists its settings.

Where the clock is more than 7 days ahead of the newest entry, that is told, and messages are not deleted for their age by it until
the server is started once with --yes.`,

  async run(): Promise<number | undefined> {
    await import('../server.js')
    return undefined
  },
}
