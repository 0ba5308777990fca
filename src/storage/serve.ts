import { parentPort, workerData } from 'node:worker_threads'

/** A call of a method, and what it came to. Calls are answered in the order in which they were made. */
export interface Call {
  readonly method: string
  readonly args: readonly unknown[]
}
export type Reply = { readonly result: unknown } | { readonly failed: Failed }

export interface Failed {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
}

type Callable = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>

/** Makes the object answer the calls of the thread that has started this one. */
export function serve(make: (data: never) => object): void {
  let object: Callable | undefined
  parentPort?.on('message', ({ method, args }: Call) => {
    parentPort?.postMessage(
      replyTo(() => {
        object ??= make(workerData as never) as Callable
        return object[method]?.(...args)
      }),
    )
  })
}

function replyTo(act: () => unknown): Reply {
  try {
    return { result: act() }
  } catch (error) {
    const { name, message, stack } = error as Error
    return { failed: { name, message, stack } }
  }
}
