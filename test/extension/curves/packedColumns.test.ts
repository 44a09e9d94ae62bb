import { describe, expect, it } from 'vitest'
import type { ToCurves } from '../../../src/protocol/curvesMessages.ts'
import { packed } from '../../../src/extension/panels/packedColumns.ts'
import { syntheticColumns, syntheticFacts, syntheticRun } from '../../webview/curves/syntheticRuns.ts'
import { transported } from './messageTransport.ts'

const selection = { runs: [], since: '' }
const indices = Array.from({ length: 300 }, (_, index) => index)

/** Runs of different lengths, some without a step; up to two epochs. */
const hydrate: ToCurves = {
  type: 'hydrate',
  selection,
  runs: indices.map((index) => syntheticRun(index, (37 * index) % 211)),
}
const append: ToCurves = {
  type: 'append',
  appended: indices.map((index) => ({
    run: syntheticFacts(index).id,
    columns: syntheticColumns(index, 90, 90 + (index % 13)),
  })),
}

/** Everything of a message as text: quicker to compare than thousands of arrays. */
function written(message: ToCurves): string {
  return JSON.stringify(message, (_, value: unknown) => (value instanceof Float64Array ? value.join(' ') : value))
}

describe('the numbers of a message', () => {
  it.each([hydrate, append, { type: 'add', run: syntheticRun(1, 250) } satisfies ToCurves])(
    'of type $type arrive whole, however many runs it tells of',
    (message) => {
      expect(written(transported(packed(message))) === written(message)).toBe(true)
    },
  )

  it('would be lost beyond 253 buffers', () => {
    expect(written(transported(append)) === written(append)).toBe(false)
  })

  it('are left out where a message has none', () => {
    const message: ToCurves = { type: 'rewind', run: syntheticFacts(0).id, steps: 3, epochs: 0 }
    expect(packed(message)).toBe(message)
  })
})
