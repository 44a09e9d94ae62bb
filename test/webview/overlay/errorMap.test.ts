import { describe, expect, it } from 'vitest'
import { confusionMatrix, countsOf } from '../../../src/core/metrics.ts'
import { errorColors, errorKindColors, labelColors } from '../../../webview/overlay/model/colors.ts'
import { errorKinds, errorKindTable, possibleKinds } from '../../../webview/overlay/model/errorKinds.ts'
import { paintErrors, paintLabels } from '../../../webview/overlay/model/paint.ts'

/** Every pair of three classes, and ignored pixels. */
const truth = Uint8Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 255)
const prediction = Uint8Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 1)

function kindsWith(shown: readonly boolean[]): readonly string[] {
  const table = errorKindTable(shown)
  return Array.from(truth, (label, i) => errorKinds[table[label * 256 + prediction[i]]])
}

function rgba(pixels: Uint32Array): readonly (readonly number[])[] {
  const bytes = new Uint8Array(pixels.buffer)
  return Array.from(pixels, (_, i) => [...bytes.subarray(i * 4, i * 4 + 4)])
}

describe('the map of errors', () => {
  it('shows right and wrong when all classes are shown', () => {
    expect(kindsWith([true, true, true])).toEqual([
      ...['none', 'wrong', 'wrong'],
      ...['wrong', 'none', 'wrong'],
      ...['wrong', 'wrong', 'none'],
      'ignored',
    ])
  })

  it('shows true positives, false positives and false negatives of one class', () => {
    expect(kindsWith([false, true, false])).toEqual([
      ...['none', 'false', 'none'],
      ...['missed', 'hit', 'missed'],
      ...['none', 'false', 'none'],
      'ignored',
    ])
  })

  it('counts them as the scores do', () => {
    const counts = countsOf(confusionMatrix(truth, prediction, 3, 255), 3)
    for (const shownClass of [0, 1, 2]) {
      const kinds = kindsWith([0, 1, 2].map((each) => each === shownClass))
      const count = (kind: string): number => kinds.filter((each) => each === kind).length
      expect([count('hit'), count('false'), count('missed')]).toEqual([
        counts.tp[shownClass],
        counts.fp[shownClass],
        counts.fn[shownClass],
      ])
    }
  })

  it('calls it confused when one shown class is taken for another', () => {
    expect(kindsWith([false, true, true])).toEqual([
      ...['none', 'false', 'false'],
      ...['missed', 'hit', 'confused'],
      ...['missed', 'confused', 'hit'],
      'ignored',
    ])
  })

  it('shows nothing when no class is shown', () => {
    expect(new Set(kindsWith([false, false, false]))).toEqual(new Set(['none', 'ignored']))
  })

  it('explains in its legend just what can occur', () => {
    expect(possibleKinds([true, true], false)).toEqual(['wrong'])
    expect(possibleKinds([true, false, false], true)).toEqual(['hit', 'false', 'missed', 'ignored'])
    expect(possibleKinds([true, true, false], false)).toEqual(['hit', 'false', 'missed', 'confused'])
    expect(possibleKinds([false, false], false)).toEqual([])
  })

  it('is painted in the colours of the kinds; a pixel without an error is transparent', () => {
    const pixels = new Uint32Array(truth.length)
    paintErrors(truth, prediction, errorKindTable([false, true, false]), errorKindColors(), pixels)
    const painted = rgba(pixels)
    expect(painted[0]).toEqual([0, 0, 0, 0])
    expect(painted[1]).toEqual([0xd5, 0x5e, 0x00, 255])
    expect(painted[3]).toEqual([0xf0, 0xe4, 0x42, 255])
    expect(painted[4]).toEqual([0x56, 0xb4, 0xe9, 255])
  })

  it('has kinds that differ in lightness, for eyes that see no colours', () => {
    const lightness = (color: string): number => {
      const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const kinds = (['hit', 'false', 'missed'] as const)
      .map((kind) => lightness(errorColors[kind]))
      .sort((a, b) => a - b)
    expect(kinds[1] - kinds[0]).toBeGreaterThan(30)
    expect(kinds[2] - kinds[1]).toBeGreaterThan(30)
  })
})

describe('a label map', () => {
  const classes = [
    { name: 'background', color: '#000000' },
    { name: 'disc', color: '#e69f00' },
  ]

  it('is painted in the colours of the shown classes; ignored pixels have their own', () => {
    const pixels = new Uint32Array(4)
    paintLabels(Uint8Array.of(0, 1, 255, 7), labelColors(classes, [true, true]), pixels)
    expect(rgba(pixels)).toEqual([
      [0, 0, 0, 255],
      [0xe6, 0x9f, 0x00, 255],
      [0xe0, 0xe0, 0xc0, 255],
      [0, 0, 0, 0],
    ])
  })

  it('leaves hidden classes transparent', () => {
    const pixels = new Uint32Array(2)
    paintLabels(Uint8Array.of(0, 1), labelColors(classes, [false, true]), pixels)
    expect(rgba(pixels)).toEqual([
      [0, 0, 0, 0],
      [0xe6, 0x9f, 0x00, 255],
    ])
  })
})
