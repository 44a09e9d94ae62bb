import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Column } from '../../../webview/curves/model/column.ts'
import { Smoothed } from '../../../webview/curves/model/smoothed.ts'

describe('a column', () => {
  it('holds what was appended, in any portions, and what was kept', () => {
    const operation = fc.oneof(
      fc.record({ append: fc.array(fc.double({ noNaN: true }), { maxLength: 600 }) }),
      fc.record({ keep: fc.nat({ max: 1500 }) }),
    )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), (operations) => {
        const column = new Column()
        let expected: number[] = []
        for (const each of operations) {
          if ('append' in each) {
            column.append(each.append)
            expected = [...expected, ...each.append]
          } else {
            column.truncate(each.keep)
            expected = expected.slice(0, each.keep)
          }
          expect([...column.values]).toEqual(expected)
        }
      }),
    )
  })
})

describe('smoothing', () => {
  it('is the moving average of TensorBoard, without the pull of its start towards zero', () => {
    // m: 0.5, 0.25 + 1, 0.625 + 2; divided by 1 − 0.5ⁿ.
    expect([...new Smoothed().of(Float64Array.of(1, 2, 4), 0.5)]).toEqual([1, 1.25 / 0.75, 2.625 / 0.875])
  })

  it('leaves a constant as it is', () => {
    for (const value of new Smoothed().of(new Float64Array(50).fill(0.3), 0.97)) expect(value).toBeCloseTo(0.3, 12)
  })

  it('leaves gaps, and does not count them', () => {
    const [first, gap, last] = new Smoothed().of(Float64Array.of(1, NaN, 2), 0.5)
    expect([first, gap, last]).toEqual([1, NaN, 1.25 / 0.75])
  })

  it('gives the values themselves at 0', () => {
    expect([...new Smoothed().of(Float64Array.of(3, 1, 2), 0)]).toEqual([3, 1, 2])
  })

  it('is the same whether values come at once or one by one, and starts anew with another weight', () => {
    const values = Float64Array.from({ length: 300 }, (_, index) => Math.sin(index))
    const whole = [...new Smoothed().of(values, 0.9)]
    const grown = new Smoothed()
    for (let length = 0; length < values.length; length += 7) grown.of(values.subarray(0, length), 0.9)
    expect([...grown.of(values, 0.9)]).toEqual(whole)
    grown.of(values, 0.2)
    expect([...grown.of(values, 0.9)]).toEqual(whole)
  })
})
