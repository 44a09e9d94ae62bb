import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { prepareMix } from '../../src/augment/mixes/applyMix.ts'
import { drawBeta } from '../../src/augment/mixes/beta.ts'
import { boxArea, copyOf, cutBox, pasteBox, type Box } from '../../src/augment/mixes/box.ts'
import type { MixedBatch } from '../../src/augment/mixes/mix.ts'
import { blend } from '../../src/augment/mixes/mixup.ts'
import { mixes } from '../../src/augment/mixes/registry.ts'
import { evenWeights, semanticMap, snapMixed } from '../../src/augment/mixes/snapMixed.ts'
import { UserError } from '../../src/core/errors.ts'
import { stream } from '../../src/core/random.ts'
import { decodeSafetensors } from '../../src/core/safetensors.ts'
import { describeWithFixtures } from '../shared.ts'
import { differences } from './fixtures.ts'

/** Every value of an image is its label, and every image has labels of its own: what is torn apart or misplaced shows. */
function numbered(count: number, height: number, width: number): MixedBatch {
  const area = height * width
  const target = Int32Array.from({ length: count * area }, (_, i) => (Math.floor(i / area) * 5 + (i % 4)) % 250)
  const image = Float32Array.from({ length: count * 3 * area }, (_, i) => {
    return target[Math.floor(i / (3 * area)) * area + (i % area)]
  })
  return { image, target, count, height, width }
}

function isTogether({ image, target, count, height, width }: MixedBatch): boolean {
  const area = height * width
  return image.every((value, i) => value === target[Math.floor(i / (3 * area)) * area + (i % area)] && count > 0)
}

const dense = mixes.all.filter(({ labels }) => labels === 'one').map(({ name }) => name)

describe.each(dense)('%s', (name) => {
  const mix = prepareMix({ name, p: 1 })

  it('moves pixels with their labels, and takes some of other images', () => {
    const batch = numbered(4, 12, 10)
    mix(batch, stream(3, name))
    expect(isTogether(batch)).toBe(true)
    const [own, first] = [new Set(numbered(4, 12, 10).target.subarray(0, 120)), batch.target.subarray(0, 120)]
    const isForeign = Array.from({ length: 20 }, (_, key) => {
      const other = numbered(4, 12, 10)
      mix(other, stream(key, name))
      return other.target.subarray(0, 120).some((label) => !own.has(label))
    })
    expect(first.length).toBe(120)
    expect(isForeign).toContain(true)
  })

  it('draws the same for the same stream', () => {
    const [first, again, other] = [4, 4, 5].map((key) => {
      const batch = numbered(3, 9, 14)
      mix(batch, stream(key, name))
      return batch.target
    })
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('leaves the share of batches that p says', () => {
    const rare = prepareMix({ name, p: 0.3 })
    const mixed = Array.from({ length: 300 }, (_, key) => {
      const batch = numbered(3, 9, 14)
      rare(batch, stream(key, 'p'))
      return batch.target.join() !== numbered(3, 9, 14).target.join()
    }).filter(Boolean).length
    expect(mixed).toBeGreaterThan(30)
    expect(mixed).toBeLessThan(120)
  })
})

describe('Mixup', () => {
  it('tells the loss whose labels count how much', () => {
    const batch = numbered(4, 6, 6)
    const before = copyOf(batch)
    const second = prepareMix({ name: 'Mixup', p: 1 })(batch, stream(2))!
    const { share, partners } = second
    expect([...partners].sort()).toEqual([0, 1, 2, 3])
    expect(batch.target).toEqual(before.target)
    const other = before.image[partners[2] * 108]
    expect(batch.image[2 * 108]).toBeCloseTo(share * before.image[2 * 108] + (1 - share) * other, 4)
  })

  it('says nothing of a batch that it leaves', () => {
    expect(prepareMix({ name: 'Mixup', p: 0 })(numbered(2, 4, 4), stream(1))).toBeUndefined()
  })
})

describe('prepareMix', () => {
  it('mixes nothing where there is no mix', () => {
    const batch = numbered(2, 4, 4)
    expect(prepareMix(null)(batch, stream(1))).toBeUndefined()
    expect(batch).toEqual(numbered(2, 4, 4))
  })

  it('refuses unknown names and arguments', () => {
    expect(() => prepareMix({ name: 'CutMixx' })).toThrow(UserError)
    expect(() => prepareMix({ name: 'CutMix', beta: 1 })).toThrow(UserError)
  })
})

describe('semanticMap', () => {
  it('is that of the foreground class with the most pixels', () => {
    const labels = Int32Array.of(0, 0, 0, 2, 2, 255)
    const logits = Float32Array.of(9, 9, 9, 9, 9, 9, 5, 5, 5, 5, 5, 5, 1, 2, 3, 4, 1, 1)
    expect([...semanticMap(logits, labels)]).toEqual([0, 1 / 6, 2 / 6, 3 / 6, 0, 0].map(Math.fround))
  })

  it('is even without foreground', () => {
    expect([...semanticMap(new Float32Array(8), Int32Array.of(0, 0, 255, 0))]).toEqual([0.25, 0.25, 0.25, 0.25])
  })
})

interface MixFixtures {
  readonly tolerance: string
  readonly mixup: { readonly lam: number }
  readonly cutmix_boxes: readonly {
    readonly lam: number
    readonly width: number
    readonly height: number
    readonly cx: number
    readonly cy: number
    readonly box_x1y1x2y2: Corners
    readonly lam_adjusted: number
  }[]
  readonly cutmix: { readonly box_x1y1x2y2: Corners }
  readonly snapmix: {
    readonly box_a_x1y1x2y2: Corners
    readonly box_b_x1y1x2y2: Corners
    readonly lam_a: readonly number[]
    readonly lam_b: readonly number[]
  }
}
type Corners = readonly [number, number, number, number]

function boxOf([left, top, right, bottom]: Corners): Box {
  return { left, top, right, bottom }
}

describeWithFixtures('mixes equal their papers', 'augment', (folder) => {
  if (folder === '') return
  const fixtures = JSON.parse(readFileSync(`${folder}/mix.json`, 'utf8')) as MixFixtures
  const { tensors } = decodeSafetensors(readFileSync(`${folder}/tensors.safetensors`))
  const tolerance = Number(fixtures.tolerance)
  const partners = [...(tensors.get('mix/perm')!.data as Int32Array)]
  const valuesOf = (name: string): ArrayLike<number> => tensors.get(name)!.data as Float32Array
  const batch = (): MixedBatch => {
    const [count, , height, width] = tensors.get('mix/images')!.shape
    return {
      image: Float32Array.from(valuesOf('mix/images')),
      target: Int32Array.from(valuesOf('mix/masks')),
      count,
      height,
      width,
    }
  }

  it('Mixup', () => {
    const mixed = batch()
    blend(mixed, { share: fixtures.mixup.lam, partners })
    expect(differences(mixed.image, valuesOf('mixup/images')).largest).toBeLessThanOrEqual(tolerance)
  })

  it('boxes of CutMix', () => {
    for (const { lam, cx, cy, box_x1y1x2y2: wanted, lam_adjusted, ...size } of fixtures.cutmix_boxes) {
      const box = cutBox(lam, size, cx, cy)
      expect(box).toEqual(boxOf(wanted))
      expect(1 - boxArea(box) / (size.width * size.height)).toBeCloseTo(lam_adjusted, 10)
    }
  })

  it('CutMix', () => {
    const mixed = batch()
    const source = copyOf(mixed)
    partners.forEach((from, to) => {
      pasteBox(mixed, source, [to, from], boxOf(fixtures.cutmix.box_x1y1x2y2))
    })
    expect(differences(mixed.image, valuesOf('cutmix/images')).largest).toBe(0)
    expect(differences(mixed.target, valuesOf('cutmix/masks')).largest).toBe(0)
  })

  it('SnapMix for dense labels', () => {
    const { box_a_x1y1x2y2: a, box_b_x1y1x2y2: b, lam_a, lam_b } = fixtures.snapmix
    const draw = { partners, target: boxOf(a), source: boxOf(b) }
    const { count, width } = batch()
    const { image, target, weights } = snapMixed(batch(), Float32Array.from(valuesOf('snapmix/spm')), draw)!
    expect(differences(image, valuesOf('snapmix/images')).largest).toBeLessThanOrEqual(tolerance)
    expect(differences(target, valuesOf('snapmix/masks')).largest).toBe(0)
    const area = target.length / count
    const shares = Array.from({ length: count }, () => [0, 0])
    weights.forEach((weight, index) => {
      const [x, y] = [(index % area) % width, Math.floor((index % area) / width)]
      shares[Math.floor(index / area)][x >= a[0] && x < a[2] && y >= a[1] && y < a[3] ? 1 : 0] += weight * count
    })
    shares.forEach(([outside, inside], index) => {
      expect(Math.abs(outside - lam_a[index])).toBeLessThanOrEqual(tolerance)
      expect(Math.abs(inside - lam_b[index])).toBeLessThanOrEqual(tolerance)
    })
  })

  it('an even map and boxes of one size leave the ordinary mean', () => {
    const { target, count, height, width } = batch()
    const box = boxOf(fixtures.snapmix.box_a_x1y1x2y2)
    const all = { ...batch(), target: target.fill(1) }
    const even = new Float32Array(count * height * width).fill(1 / (height * width))
    const { weights } = snapMixed(all, even, { partners, target: box, source: box })!
    expect(differences(weights, evenWeights(all)).largest).toBeLessThan(1e-8)
  })

  const { beta } = JSON.parse(readFileSync(`${folder}/distributions.json`, 'utf8')) as {
    beta: Record<string, { probabilities: readonly number[]; quantiles: readonly number[] }>
  }
  it.each(Object.entries(beta))('Beta(%s) has the quantiles of SciPy', (alpha, { probabilities, quantiles }) => {
    const [draws, random] = [20_000, stream(1, 'beta', alpha)]
    const drawn = Float64Array.from({ length: draws }, () => drawBeta(Number(alpha), random)).sort()
    probabilities.forEach((probability, index) => {
      const share = drawn.findIndex((value) => value > quantiles[index]) / draws
      // Kolmogorov and Smirnov's bound at 1e-3: 1.95 / √n.
      expect(Math.abs(share - probability)).toBeLessThan(1.95 / Math.sqrt(draws))
    })
  })
})
