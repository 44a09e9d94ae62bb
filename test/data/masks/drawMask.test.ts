import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { drawMask } from '../../../src/data/masks/drawMask.ts'
import type { DrawnMask, ShapeArea } from '../../../src/data/masks/maskSource.ts'
import { decodeCounts } from '../../../src/data/masks/runLengths.ts'
import { messageOf } from '../dataset.ts'

const size = { height: 3, width: 4 }

function drawn(...areas: readonly ShapeArea[]): DrawnMask {
  const shapes = areas.map((area, i) => ({ id: String(i + 1), value: i + 1, area }))
  return { kind: 'drawn', file: 'a.json', subject: 'a.png', size, unlabelled: 9, shapes }
}

const square = (x0: number, y0: number, x1: number, y1: number): ShapeArea => ({ kind: 'polygons', rings: [[x0, y0, x1, y0, x1, y1, x0, y1]] }) // prettier-ignore

describe('drawMask', () => {
  it('draws later shapes over earlier ones, run lengths down the columns', async () => {
    const { values } = await drawMask(drawn(square(0, 0, 2, 2), { kind: 'counts', counts: [4, 4, 4] }), 100)
    expect([...values]).toEqual([1, 1, 2, 9, 1, 2, 2, 9, 9, 2, 9, 9])
  })

  it('cuts a polygon at the border of the image', async () => {
    const { values } = await drawMask(drawn(square(-5, -5, 2, 50)), 100)
    expect([...values]).toEqual([1, 1, 9, 9, 1, 1, 9, 9, 1, 1, 9, 9])
  })

  it('draws nothing for a polygon without an area, and takes every point twice as once', async () => {
    const { values } = await drawMask(drawn({ kind: 'polygons', rings: [[1, 1, 1, 1, 1, 1]] }), 100)
    expect(new Set(values)).toEqual(new Set([9]))
  })

  it.each<[string, ShapeArea, string]>([
    ['a boundary without end', square(-1e12, 0, 1e12, 2), 'annotation 1: its boundary has'],
    ['run lengths of another size', { kind: 'counts', counts: [4, 4] }, 'cover 8 pixels, the image has 12'],
    ['a run of less than nothing', { kind: 'counts', counts: [14, -2] }, '-2 is no run length'],
    ['damaged run lengths', { kind: 'counts', counts: '4é' }, 'character 1'],
    ['run lengths that stop within a number', { kind: 'counts', counts: '4Z' }, 'character 2'],
  ])('refuses %s, with file and annotation', async (_title, area, words) => {
    const message = await messageOf(() => drawMask(drawn(area), 100))
    expect(message).toContain(words)
    expect(message).toContain('a.json: annotations of a.png')
  })

  it('makes no picture beyond the limit of pixels', async () => {
    await expect(drawMask({ ...drawn(), size: { height: 1e6, width: 1e6 } }, 1e8)).rejects.toThrow(UserError)
  })
})

describe('decodeCounts', () => {
  it('reads negative differences and numbers of several characters', () => {
    // Written by hand after `rleToString` of maskApi.c: 40 − 100 and 12 − 3 are what the last two groups of characters hold.
    expect(decodeCounts('5T33TN9')).toEqual([5, 100, 3, 40, 12])
  })
})
