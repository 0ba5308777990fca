import { execFileSync } from 'node:child_process'

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' })

/** Why no machine can be made, in a line; undefined if one can. */
export function farMachineMissing(): string | undefined {
  try {
    ip('netns', 'add', 'chatroom-try')
    ip('netns', 'delete', 'chatroom-try')
    return undefined
  } catch (error) {
    return `No network namespace can be made, to be cut off: ${(error as Error).message.trim()}`
  }
}

/** A network of its own on this machine, with one way to it, which can be cut. */
export class FarMachine {
  /** Its address. */
  readonly address: string
  /** That of this machine, as it sees it. */
  readonly home: string
  private readonly name: string
  private readonly near: string

  /** @param number From 0 to 255; no two at a time have the same. */
  constructor(number: number) {
    this.name = `chatroom-${number}`
    this.near = `chatroom-n${number}`
    const far = `chatroom-f${number}`
    this.home = `10.213.${number}.1`
    this.address = `10.213.${number}.2`
    // What a test has left that was killed.
    for (const what of ['link', 'netns'] as const)
      try {
        ip(what, 'delete', what === 'link' ? this.near : this.name)
      } catch {
        // It has left nothing.
      }
    ip('netns', 'add', this.name)
    ip('link', 'add', this.near, 'type', 'veth', 'peer', 'name', far, 'netns', this.name)
    ip('address', 'add', `${this.home}/24`, 'dev', this.near)
    ip('link', 'set', this.near, 'up')
    ip('-n', this.name, 'address', 'add', `${this.address}/24`, 'dev', far)
    for (const device of [far, 'lo']) ip('-n', this.name, 'link', 'set', device, 'up')
  }

  /** A command that runs there. */
  command(program: string, args: readonly string[]): [string, string[]] {
    return ['ip', ['netns', 'exec', this.name, program, ...args]]
  }

  cut(): void {
    ip('link', 'set', this.near, 'down')
  }

  mend(): void {
    ip('link', 'set', this.near, 'up')
  }

  remove(): void {
    ip('link', 'delete', this.near)
    ip('netns', 'delete', this.name)
  }
}
