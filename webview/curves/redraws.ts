/** Streamed numbers are drawn at most so often: eyes follow no faster, and the page shall stay quick. */
const streamMilliseconds = 100
/** The same where a person asked for less motion. */
const calmMilliseconds = 1000
/** How many frames come on time for each one that was lost to drawing streamed numbers: 55 of 60. */
const framesPerLost = 12
/** However slow the machine is, numbers that stream in are seen. */
const longestMilliseconds = 2000
/** How long a frame lasts in which nothing takes long. */
const frameMilliseconds = 1000 / 60

/**
 * Decides when parts of the page are drawn again: at once for what a person did, and for numbers that stream in one part per
 * frame, with pauses that grow with what drawing costs on this machine.
 */
export class Redraws<Part extends string> {
  private readonly parts: readonly Part[]
  private readonly draw: (part: Part) => void
  private readonly isCalm: () => boolean
  private readonly urgent = new Set<Part>()
  private readonly streamed = new Set<Part>()
  private nextStreamed = 0
  private isScheduled = false

  constructor(parts: readonly Part[], draw: (part: Part) => void, isCalm: () => boolean) {
    this.parts = parts
    this.draw = draw
    this.isCalm = isCalm
  }

  /** Everything, in the next frame. */
  now(): void {
    for (const part of this.parts) this.urgent.add(part)
    this.schedule()
  }

  /** Everything, when its turn comes. */
  stream(): void {
    for (const part of this.parts) this.streamed.add(part)
    this.schedule()
  }

  private schedule(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    requestAnimationFrame((time) => {
      this.isScheduled = false
      this.onFrame(time)
      if (this.streamed.size > 0) this.schedule()
    })
  }

  private onFrame(time: number): void {
    for (const part of this.urgent) {
      this.streamed.delete(part)
      this.draw(part)
    }
    this.urgent.clear()
    // The one that waits longest.
    const [next] = this.streamed
    if (this.streamed.size === 0 || time < this.nextStreamed) return
    this.streamed.delete(next)
    this.draw(next)
    this.restAfter(time)
  }

  /** A canvas is painted after its script: the next frame tells what drawing cost altogether. */
  private restAfter(begin: number): void {
    this.nextStreamed = Infinity
    requestAnimationFrame((time) => {
      const least = (this.isCalm() ? calmMilliseconds : streamMilliseconds) / this.parts.length
      const lost = Math.round((time - begin) / frameMilliseconds) - 1
      const rest = Math.min(longestMilliseconds, lost * framesPerLost * frameMilliseconds)
      this.nextStreamed = begin + Math.max(least, rest)
    })
  }
}
