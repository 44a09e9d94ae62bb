import { isMotionReduced } from '../shared/surroundings.ts'

const turnMilliseconds = 500

/** Whose prediction is shown: the run's own and the baseline's by turns, or the baseline's while a key is held down. */
export class Blink {
  private readonly onTurn: () => void
  private timer: number | undefined
  private isHeld = false
  private isBaselinesTurn = false
  private isRunning = false

  constructor(onTurn: () => void) {
    this.onTurn = onTurn
  }

  get isOn(): boolean {
    return this.isRunning
  }

  get showsBaseline(): boolean {
    return this.isHeld || this.isBaselinesTurn
  }

  /** Begins with the baseline's turn. Where motion is reduced there are no turns: it stays until toggled again. */
  toggle(): void {
    if (this.isRunning) {
      this.stop()
      return
    }
    this.isRunning = true
    this.isBaselinesTurn = true
    if (!isMotionReduced())
      this.timer = window.setInterval(() => {
        this.isBaselinesTurn = !this.isBaselinesTurn
        this.onTurn()
      }, turnMilliseconds)
    this.onTurn()
  }

  hold(isHeld: boolean): void {
    if (isHeld === this.isHeld) return
    this.isHeld = isHeld
    this.onTurn()
  }

  stop(): void {
    window.clearInterval(this.timer)
    this.timer = undefined
    this.isRunning = false
    this.isBaselinesTurn = false
    this.isHeld = false
    this.onTurn()
  }
}
