import type { Value } from './operator.ts'

/** Tensors that live from step to step, by name. */
export class State {
  private readonly values = new Map<string, Value>()

  get(name: string): Value {
    const value = this.values.get(name)
    if (value === undefined) throw new Error(`there is no ${name} yet`)
    return value
  }

  /** Takes the value over; the one that it replaces is disposed. */
  set(name: string, value: Value): void {
    this.values.get(name)?.dispose()
    this.values.set(name, value)
  }

  entries(): Iterable<readonly [name: string, value: Value]> {
    return this.values
  }

  dispose(): void {
    this.values.forEach((value) => {
      value.dispose()
    })
    this.values.clear()
  }
}
