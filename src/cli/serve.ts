import type { Command } from './command.js'

export const serve: Command = {
  help: `chatroom serve

Runs the server until SIGTERM or Ctrl-C. README.md lists its settings.`,

  async run(): Promise<number | undefined> {
    await import('../server.js')
    return undefined
  },
}
