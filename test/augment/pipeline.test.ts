import { describe, expect, it } from 'vitest'
import { applyPipeline, pipelineSize, preparePipeline } from '../../src/augment/pipeline.ts'
import type { Sample } from '../../src/augment/sample.ts'
import { UserError } from '../../src/core/errors.ts'
import { stream } from '../../src/core/random.ts'

/** Every pixel's three colours and label are its own number: a transform that tears image and mask apart shows. */
function numbered(height: number, width: number): Sample {
  const mask = Uint8Array.from({ length: height * width }, (_, i) => i % 251)
  return {
    mask,
    image: Uint8Array.from({ length: height * width * 3 }, (_, i) => mask[Math.floor(i / 3)]),
    height,
    width,
  }
}

function errorOf(action: () => unknown): UserError {
  try {
    action()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('applyPipeline', () => {
  const pipeline = preparePipeline([
    { name: 'RandomCrop', height: 8, width: 6 },
    { name: 'HorizontalFlip' },
    { name: 'VerticalFlip' },
    { name: 'Transpose' },
    { name: 'RandomRotate90', p: 1 },
  ])

  it('moves image and mask together', () => {
    for (let index = 0; index < 50; index++) {
      const { image, mask } = applyPipeline(numbered(13, 17), pipeline, stream(3, 'augment', 0, index))
      expect(Array.from(mask, (_, i) => image[i * 3 + 1])).toEqual([...mask])
    }
  })

  it('gives the same result for the same stream and others for other streams', () => {
    const of = (index: number): string =>
      applyPipeline(numbered(13, 17), pipeline, stream(3, 'augment', 0, index)).mask.join()
    expect(of(7)).toBe(of(7))
    expect(new Set(Array.from({ length: 20 }, (_, index) => of(index))).size).toBeGreaterThan(15)
  })

  it('applies a transform with probability p, drawn once per image', () => {
    const flip = preparePipeline([{ name: 'HorizontalFlip', p: 0.3 }])
    const sample = numbered(1, 2)
    let flipped = 0
    for (let index = 0; index < 4000; index++)
      if (applyPipeline(sample, flip, stream(1, index)).mask[0] === 1) flipped++
    expect(flipped / 4000).toBeGreaterThan(0.27)
    expect(flipped / 4000).toBeLessThan(0.33)
  })

  it('draws crop corners over the whole range, the last row and column included', () => {
    const cropped = preparePipeline([{ name: 'RandomCrop', height: 2, width: 2 }])
    const corners = new Set(
      Array.from({ length: 400 }, (_, index) => applyPipeline(numbered(4, 4), cropped, stream(1, index)).mask[0]),
    )
    expect([...corners].sort((a, b) => a - b)).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10])
  })

  it('leaves the sample it was given unchanged', () => {
    const sample = numbered(13, 17)
    applyPipeline(
      sample,
      preparePipeline([
        { name: 'RandomBrightnessContrast', p: 1 },
        { name: 'VerticalFlip', p: 1 },
      ]),
      stream(1),
    )
    expect(sample).toEqual(numbered(13, 17))
  })
})

describe('preparePipeline', () => {
  it('names an unknown transform and the nearest one', () => {
    const error = errorOf(() => preparePipeline([{ name: 'HorizontalFlop' }]))
    expect(error.details.hint).toContain('HorizontalFlip')
  })

  it('refuses an argument that the transform does not have', () => {
    const error = errorOf(() => preparePipeline([{ name: 'RandomCrop', height: 8, width: 8, size: 3 }]))
    expect(error.message).toContain('size')
    expect(error.details.allowed).toContain('pad_if_needed')
  })

  it('refuses a probability beyond one', () => {
    expect(errorOf(() => preparePipeline([{ name: 'Transpose', p: 1.5 }])).message).toContain('p')
  })

  it('wants a least height or a divisor, not both', () => {
    expect(() => preparePipeline([{ name: 'PadIfNeeded', pad_height_divisor: 32 }])).toThrow(UserError)
    const both = preparePipeline([
      { name: 'PadIfNeeded', min_height: null, pad_height_divisor: 32, min_width: null, pad_width_divisor: 32 },
    ])
    expect(pipelineSize(both, { height: 33, width: 64 })).toEqual({ height: 64, width: 64 })
  })
})

describe('pipelineSize', () => {
  it('follows the changes of size', () => {
    const pipeline = preparePipeline([
      { name: 'PadIfNeeded', min_height: 100, min_width: 50 },
      { name: 'Transpose', p: 1 },
    ])
    expect(pipelineSize(pipeline, { height: 90, width: 60 })).toEqual({ height: 60, width: 100 })
  })

  it('accepts several sizes where a later transform brings them together', () => {
    const pipeline = preparePipeline([{ name: 'RandomRotate90' }, { name: 'Resize', height: 64, width: 96 }])
    expect(pipelineSize(pipeline, { height: 90, width: 60 }, { height: 10, width: 10 })).toEqual({
      height: 64,
      width: 96,
    })
  })

  it('refuses a size that depends on chance, naming the transform', () => {
    const pipeline = preparePipeline([{ name: 'RandomRotate90' }])
    expect(pipelineSize(pipeline, { height: 64, width: 64 })).toEqual({ height: 64, width: 64 })
    expect(errorOf(() => pipelineSize(pipeline, { height: 64, width: 32 })).message).toContain('RandomRotate90')
    const sometimes = preparePipeline([{ name: 'CenterCrop', height: 8, width: 8, p: 0.5 }])
    expect(errorOf(() => pipelineSize(sometimes, { height: 64, width: 64 })).message).toContain('CenterCrop')
  })

  it('refuses a crop that does not fit and says what to do', () => {
    const { message, details } = errorOf(() =>
      pipelineSize(preparePipeline([{ name: 'RandomCrop', height: 256, width: 256 }]), { height: 100, width: 300 }),
    )
    // In the words of Albumentations.
    expect(message).toContain(
      'Crop size (height, width) exceeds image dimensions (height, width): (256, 256) vs (100, 300)',
    )
    expect(details.hint).toContain('PadIfNeeded')
  })
})
