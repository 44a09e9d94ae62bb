import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long a tick may last: the editor asks the host for completions and hovers meanwhile. */
const tickMilliseconds = 10

/** Cuts long work into short ticks: `await turns.next()` after each piece of it. */
export class Turns {
  private since = performance.now()

  async next(): Promise<void> {
    if (performance.now() - this.since < tickMilliseconds) return
    await nextTurn()
    this.since = performance.now()
  }
}
