import { expect, it } from 'vitest'
import { normalizeInto, type Rgb } from '../../src/augment/normalize.ts'
import { describeWithFixtures } from '../shared.ts'
import { differences, limits, readAugmentFixtures } from './fixtures.ts'

describeWithFixtures('Normalize equals Albumentations', 'augment', (folder) => {
  if (folder === '') return
  const { cases, tensors, inputOf } = readAugmentFixtures(folder)

  it.each(cases.filter(({ transform }) => transform === 'Normalize').map((one) => [one.id, one] as const))(
    '%s',
    (_id, one) => {
      const sample = inputOf(one)
      const { mean, std } = one.arguments as unknown as { mean: Rgb; std: Rgb }
      const area = sample.height * sample.width
      const batch = new Float32Array(2 * 3 * area)
      normalizeInto(batch, 1, sample.image, { mean, std })
      const wanted = tensors.get(`${one.id}/image`)!.data as Float32Array
      const channelsLast = Float32Array.from(
        { length: 3 * area },
        (_, i) => batch[3 * area + (i % 3) * area + Math.floor(i / 3)],
      )
      expect(differences(channelsLast, wanted).largest).toBeLessThanOrEqual(limits(one.tolerance as string).largest)
      expect(batch.subarray(0, 3 * area).every((v) => v === 0)).toBe(true)
    },
  )
})
