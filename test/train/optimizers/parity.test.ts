import { describe, expect, it } from 'vitest'
import { lowerings } from '../../parity/lowerings.ts'
import { checkOptimizer, missingOptimizer, readOptimizers } from '../../parity/optimizers.ts'
import { describeWithFixtures } from '../../shared.ts'

const all = await lowerings()

describeWithFixtures('optimizers equal torch', 'optimizers', (folder) => {
  const fixture = readOptimizers(folder)
  const ours = Object.keys(fixture.cases).filter((name) => missingOptimizer(name, fixture.cases[name]) === undefined)

  it('has cases', () => {
    expect(ours.length).toBeGreaterThan(0)
  })

  describe.each(all)('$name', (lowering) => {
    it.each(ours)('%s', async (name) => {
      expect(await checkOptimizer(fixture, name, lowering)).toMatchObject({ verdict: 'ok' })
    })
  })
})
