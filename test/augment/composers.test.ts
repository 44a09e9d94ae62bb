import { describe, expect, it } from 'vitest'
import { applyPipeline, pipelineSize, preparePipeline } from '../../src/augment/pipeline.ts'
import type { Sample } from '../../src/augment/sample.ts'
import { stream } from '../../src/core/random.ts'

/** Three pixels in a row, labelled 1, 2, 3. */
const sample: Sample = {
  height: 1,
  width: 3,
  image: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3]),
  mask: Uint8Array.from([1, 2, 3]),
}

type Given = Parameters<typeof preparePipeline>[0][number]

/** How often each outcome came of 2000 images. */
function outcomes(transform: Given): ReadonlyMap<string, number> {
  const pipeline = preparePipeline([transform])
  const counts = new Map<string, number>()
  for (let index = 0; index < 2000; index++) {
    const { mask, height } = applyPipeline(sample, pipeline, stream(4, index))
    const outcome = `${mask.join('')}${height > 1 ? ' down' : ''}`
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }
  return counts
}

const flip = { name: 'HorizontalFlip' }
const transpose = { name: 'Transpose' }
const crop = { name: 'CenterCrop', height: 1, width: 1 }

describe('OneOf', () => {
  it('applies exactly one, as likely as its p beside the others', () => {
    const counts = outcomes({
      name: 'OneOf',
      p: 1,
      transforms: [
        { ...flip, p: 0.75 },
        { ...transpose, p: 0.25 },
      ],
    })
    expect([...counts.keys()].sort()).toEqual(['123 down', '321'])
    expect(counts.get('321')! / 2000).toBeGreaterThan(0.71)
    expect(counts.get('321')! / 2000).toBeLessThan(0.79)
  })

  it('does nothing as often as its own p says', () => {
    const counts = outcomes({ name: 'OneOf', p: 0.25, transforms: [flip] })
    expect(counts.get('123')! / 2000).toBeGreaterThan(0.71)
    expect(counts.get('123')! / 2000).toBeLessThan(0.79)
  })

  it('needs one that may be drawn', () => {
    expect(() => preparePipeline([{ name: 'OneOf', transforms: [{ ...flip, p: 0 }] }])).toThrow('at least one p')
    expect(() => preparePipeline([{ name: 'OneOf', transforms: [] }])).toThrow('transforms')
  })
})

describe('SomeOf', () => {
  it('applies n different ones in the order of the list', () => {
    // Cropped first there is nothing left to turn around.
    expect([...outcomes({ name: 'SomeOf', n: 2, transforms: [crop, transpose] }).keys()]).toEqual(['2'])
    const counts = outcomes({ name: 'SomeOf', n: 2, transforms: [flip, transpose, { name: 'VerticalFlip' }] })
    // Flipped and upright, flipped and down; down and then upside down is as flipped and down.
    expect([...counts.keys()].sort()).toEqual(['321', '321 down'])
  })

  it('may draw the same one again with replace', () => {
    const counts = outcomes({ name: 'SomeOf', n: 2, replace: true, transforms: [flip] })
    expect([...counts.keys()]).toEqual(['123'])
  })
})

describe('Sequential', () => {
  it('applies all in order, each with its own p', () => {
    const counts = outcomes({
      name: 'Sequential',
      p: 1,
      transforms: [
        { ...flip, p: 1 },
        { ...transpose, p: 0.5 },
      ],
    })
    expect([...counts.keys()].sort()).toEqual(['321', '321 down'])
  })
})

describe('composers', () => {
  it('are nested, and name what is wrong inside', () => {
    const inner = { name: 'Sequential', transforms: [flip, { name: 'OneOf', transforms: [transpose] }] }
    expect(preparePipeline([{ name: 'SomeOf', transforms: [inner] }])).toHaveLength(1)
    const wrong = { name: 'OneOf', transforms: [{ name: 'Sequential', transforms: [{ ...flip, p: 2 }] }] }
    expect(() => preparePipeline([wrong])).toThrow('"transforms[0].transforms[0].p" is out of range')
    expect(() => preparePipeline([{ name: 'OneOf', transforms: [{ name: 'Flop' }] }])).toThrow('transforms[0].name')
  })

  it('have every size that one of their transforms leaves', () => {
    const size = { height: 40, width: 60 }
    const resize = (side: number): Given => ({ name: 'Resize', height: side, width: side })
    const sizeOf = (...list: Given[]): unknown => pipelineSize(preparePipeline(list), size)
    expect(() => sizeOf({ name: 'OneOf', p: 1, transforms: [resize(10), resize(20)] })).toThrow('OneOf')
    expect(sizeOf({ name: 'OneOf', p: 1, transforms: [resize(10), { ...resize(20), p: 0 }] })).toEqual({ height: 10, width: 10 }) // prettier-ignore
    expect(sizeOf({ name: 'SomeOf', n: 2, transforms: [resize(10), resize(20)] })).toEqual({ height: 20, width: 20 })
    expect(sizeOf({ name: 'Sequential', p: 1, transforms: [resize(100), { name: 'RandomCrop', height: 90, width: 90 }] })).toEqual({ height: 90, width: 90 }) // prettier-ignore
    expect(() => sizeOf({ name: 'OneOf', transforms: [{ name: 'RandomCrop', height: 90, width: 90 }] })).toThrow('RandomCrop') // prettier-ignore
  })

  it('tell sizes of many transforms in no time', () => {
    const transforms = Array.from({ length: 64 }, () => flip)
    const pipeline = preparePipeline([{ name: 'SomeOf', n: 32, transforms }])
    expect(pipelineSize(pipeline, { height: 4, width: 5 })).toEqual({ height: 4, width: 5 })
  })
})
