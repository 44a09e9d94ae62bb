import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Frame } from 'playwright-core'

export interface Violation {
  readonly rule: string
  readonly impact: string
  readonly help: string
  /** The elements' HTML. */
  readonly elements: readonly string[]
}

/** Accessibility mistakes that axe-core finds in a webview's document. */
export async function axe(frame: Frame): Promise<Violation[]> {
  await frame.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8'))
  const { violations } = await frame.evaluate<AxeResults>('axe.run(document)')
  return violations.map(({ id, impact, help, nodes }) => ({
    rule: id,
    impact: impact ?? '',
    help,
    elements: nodes.map(({ html }) => html),
  }))
}
