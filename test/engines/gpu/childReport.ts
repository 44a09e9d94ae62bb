/** Reports a fact to the test that started this process: see `childFacts.ts`. */
export function report(fact: string, value: unknown): void {
  process.stdout.write(`${JSON.stringify({ fact, value })}\n`)
}
