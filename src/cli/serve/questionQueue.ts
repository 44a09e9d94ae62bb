import { setImmediate } from 'node:timers/promises'

/** Questions that wait for their turn; a few are answered at the same time, the others in the order in which they came. */
export class QuestionQueue<Question extends { readonly id: number }> {
  private readonly waiting: Question[] = []
  private readonly atOnce: number
  private readonly answer: (question: Question) => Promise<void>
  private workers = 0
  private onIdle: () => void = () => undefined

  /** @param answer must not reject */
  constructor(atOnce: number, answer: (question: Question) => Promise<void>) {
    this.atOnce = atOnce
    this.answer = answer
  }

  add(question: Question): void {
    this.waiting.push(question)
    if (this.workers < this.atOnce) void this.work()
  }

  /** Takes a question back that has not begun. */
  drop(id: number): boolean {
    const position = this.waiting.findIndex((question) => question.id === id)
    if (position >= 0) this.waiting.splice(position, 1)
    return position >= 0
  }

  dropAll(): void {
    this.waiting.length = 0
  }

  /** Resolves when all questions are answered. */
  async finished(): Promise<void> {
    if (this.workers === 0) return
    await new Promise<void>((resolve) => {
      this.onIdle = resolve
    })
  }

  private async work(): Promise<void> {
    this.workers++
    // What arrived in one piece is read to its end first: a later line may take back an earlier one.
    await setImmediate()
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) await this.answer(next)
    this.workers--
    if (this.workers === 0) this.onIdle()
  }
}
