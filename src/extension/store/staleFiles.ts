import type { FileChange } from './projectWatcher.ts'

/** More than a person or a few trainers change in a second. */
const floodNames = 100
const secondMilliseconds = 1000

/**
 * What changed on disk and is not read again yet. Of many thousands of changes at once the system's queue and VS Code's
 * watcher forget some: after a flood everything is looked for.
 */
export class StaleFiles {
  readonly experiments = new Set<string>()
  readonly results = new Set<string>()
  readonly runs = new Set<string>()
  isListStale = false
  private readonly onFlood: () => void
  /** What was told of in this second. */
  private readonly told = new Set<string>()
  private second: NodeJS.Timeout | undefined

  /** @param onFlood called when a flood is over: the list is stale now */
  constructor(onFlood: () => void) {
    this.onFlood = onFlood
  }

  get isEmpty(): boolean {
    return this.experiments.size + this.results.size + this.runs.size === 0 && !this.isListStale
  }

  add(change: Exclude<FileChange, { type: 'project' }>): void {
    switch (change.type) {
      case 'experiment':
        this.experiments.add(change.name)
        break
      case 'result':
        this.results.add(change.name)
        break
      case 'run':
        this.runs.add(change.name)
        break
      case 'folder':
        this.isListStale = true
        return
      default:
        change satisfies never
    }
    this.told.add(`${change.type} ${change.name}`)
    this.second ??= this.beginSecond(false)
  }

  dispose(): void {
    clearTimeout(this.second)
  }

  /** @param isFlooded whether there was a flood in the second before */
  private beginSecond(isFlooded: boolean): NodeJS.Timeout {
    return setTimeout(() => {
      const isFlood = this.told.size > floodNames
      this.told.clear()
      this.second = isFlood ? this.beginSecond(true) : undefined
      if (isFlood || !isFlooded) return
      this.isListStale = true
      this.onFlood()
    }, secondMilliseconds)
  }
}
