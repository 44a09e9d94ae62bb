import type { Disposable } from 'vscode'

/** An action that is asked for often and done at once, then at most once per interval. */
export class Throttled implements Disposable {
  private readonly action: () => void
  private readonly milliseconds: number
  private timer: NodeJS.Timeout | undefined
  private isAsked = false

  constructor(action: () => void, milliseconds: number) {
    this.action = action
    this.milliseconds = milliseconds
  }

  ask(): void {
    if (this.timer !== undefined) {
      this.isAsked = true
      return
    }
    this.timer = setTimeout(() => {
      this.timer = undefined
      if (!this.isAsked) return
      this.isAsked = false
      this.ask()
    }, this.milliseconds)
    this.action()
  }

  dispose(): void {
    clearTimeout(this.timer)
  }
}
