import { describe, expect, it } from 'vitest'
import { runners } from '../../parity/lowerings.ts'
import { checkLoss, missingLoss, readLosses } from '../../parity/losses.ts'
import { describeWithFixtures } from '../../shared.ts'

const all = await runners()

describeWithFixtures('losses equal torch and segmentation_models_pytorch', 'losses', (folder) => {
  const fixture = readLosses(folder)
  const ours = fixture.cases.filter((one) => missingLoss(fixture, one) === undefined)

  it('has cases', () => {
    expect(ours.length).toBeGreaterThan(0)
  })

  describe.each(all)('$name', (lowering) => {
    it.each(ours)('$id', async (one) => {
      expect(await checkLoss(fixture, one, lowering)).toMatchObject({ verdict: 'ok' })
    })
  })
})
