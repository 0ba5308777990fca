import { Worker } from 'node:worker_threads'
import { DataError } from '../base/data-error.js'
import type { Call, Failed, Reply } from './serve.js'

type Methods<T> = { [K in keyof T]: T[K] extends (...args: never[]) => unknown ? K : never }[keyof T]
type ArgsOf<T, M extends keyof T> = T[M] extends (...args: infer A) => unknown ? A : never
type ResultOf<T, M extends keyof T> = T[M] extends (...args: never[]) => infer R ? R : never

interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** An object on a thread of its own. Its methods are synchronous there and asynchronous here, one after the other. */
export class Thread<T> {
  private readonly worker: Worker
  private readonly pending: Pending[] = []
  private ended: Error | undefined

  /**
   * @param file The module that {@link serve}s the object.
   * @param workerData What the object is made of.
   */
  constructor(file: URL, workerData: unknown) {
    this.worker = start(file, workerData)
    this.worker.on('message', (reply: Reply) => {
      const call = this.pending.shift()
      if ('failed' in reply) call?.reject(revived(reply.failed))
      else call?.resolve(reply.result)
    })
    this.worker.on('error', (error) => {
      this.end(error)
      // It cannot go on without its thread; who watches over the process starts it anew.
      throw error
    })
    this.worker.on('exit', () => {
      this.end(new Error('the thread has ended'))
    })
  }

  call<M extends Methods<T>>(method: M, ...args: ArgsOf<T, M>): Promise<ResultOf<T, M>> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.ended)
        return
      }
      this.pending.push({ resolve: resolve as (result: unknown) => void, reject })
      this.worker.postMessage({ method: String(method), args } satisfies Call)
    })
  }

  /** Closes the object, and ends the thread; what fails then is of no use to anybody. */
  async close(this: Thread<{ close(): void }>): Promise<void> {
    await this.call('close').catch(() => undefined)
    await this.terminate()
  }

  async terminate(): Promise<void> {
    await this.worker.terminate()
  }

  private end(error: Error): void {
    this.ended ??= error
    for (const call of this.pending.splice(0)) call.reject(this.ended)
  }
}

function revived({ name, message, stack }: Failed): Error {
  const error = name === 'DataError' ? new DataError(message) : new Error(message)
  if (stack !== undefined) error.stack = stack
  return error
}

/** Sources run by tsx, as tests and `npm run dev` do: on Node.js 20 a thread must be told of it. */
function start(file: URL, workerData: unknown): Worker {
  if (!file.pathname.endsWith('.ts')) return new Worker(file, { workerData })
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const run = `import(${tsx}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}) })`
  return new Worker(run, { eval: true, workerData })
}

/** The module beside this one, in TypeScript where that is what runs. */
export const besideModule = (of: string, name: string): URL =>
  new URL(`./${name}.${of.endsWith('.ts') ? 'ts' : 'js'}`, of)
