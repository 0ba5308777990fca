/** What a part has started: its servers and connections end with it, also when it fails. */
export class Scope {
  private readonly endings: (() => Promise<void> | void)[] = []

  onEnd(ending: () => Promise<void> | void): void {
    this.endings.push(ending)
  }

  /** Ends what was started, the latest first. */
  async end(): Promise<void> {
    for (let ending = this.endings.pop(); ending; ending = this.endings.pop()) await ending()
  }
}

/** Acts, and ends what was started. */
export async function inScope<T>(act: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = new Scope()
  try {
    return await act(scope)
  } finally {
    await scope.end()
  }
}
