import { describe, expect, it } from 'vitest'
import { boundaryMetrics } from '../../src/core/boundaries/registry.ts'
import { squaredDistances } from '../../src/core/distanceTransform.ts'
import { confusionMatrix, countsOf } from '../../src/core/metrics.ts'
import { stream } from '../../src/core/random.ts'
import { metrics } from '../../src/core/scores/registry.ts'
import { metricRows } from '../parity/metrics.ts'
import type { ParityRow } from '../parity/row.ts'
import { describeWithFixtures } from '../shared.ts'

describeWithFixtures('every score of the fixtures', 'metrics', (folder) => {
  it('is that of the libraries', async () => {
    const rows: ParityRow[] = []
    for await (const row of metricRows(folder)) rows.push(row)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
  })
})

describe('squaredDistances', () => {
  it('is the distance to the nearest set pixel, by trying all', () => {
    for (const [round, height, width] of [
      [0, 7, 11],
      [1, 1, 9],
      [2, 12, 1],
      [3, 16, 16],
    ] as const) {
      const random = stream(1, 'distances', round)
      const isSet = Uint8Array.from({ length: height * width }, () => Number(random.next() < 0.15))
      isSet[random.integer(isSet.length)] = 1
      const nearest = Array.from(isSet, (_, pixel) =>
        Math.min(
          ...Array.from(isSet, (set, other) =>
            set === 0
              ? Infinity
              : (Math.floor(other / width) - Math.floor(pixel / width)) ** 2 + ((other % width) - (pixel % width)) ** 2,
          ),
        ),
      )
      expect([...squaredDistances(isSet, height, width)]).toEqual(nearest)
    }
  })

  it('is infinite where nothing is set', () => {
    expect([...squaredDistances(new Uint8Array(6), 2, 3)]).toEqual(new Array(6).fill(Infinity))
  })
})

describe('a metric', () => {
  const empty = countsOf(confusionMatrix([255, 255], [0, 1], 2, 255), 2)

  it('is no number where no pixel counts, unless the user says what 0/0 is', () => {
    for (const metric of metrics.all) {
      const { name, arguments: args } = metric
      const value = metric.of([empty], args.parse({}))
      expect(value, name).toBe(Object.hasOwn(args.shape, 'zero_division') ? 0 : null)
    }
    expect(metrics.get('recall').of([empty], { reduction: 'micro', zero_division: 1, class_weights: null })).toBeNull()
    expect(metrics.get('recall').of([], { reduction: 'macro', zero_division: 1, class_weights: null })).toBeNull()
  })

  it('of contours leaves ignored pixels and absent classes out', () => {
    const pair = { truth: [255, 0, 0, 255], prediction: [1, 0, 0, 1], height: 2, width: 2, classes: 2 }
    const scores = boundaryMetrics.map(({ measure, score }) =>
      measure(pair).map((each) => score(each === null ? [] : [each])),
    )
    expect(scores).toEqual([
      [1, null],
      [1, null],
      [0, null],
    ])
  })
})
