import { beforeAll, describe, expect, it } from 'vitest'
import { childFacts } from './childFacts.ts'
import { driverEnvironment, halfDriverEnvironment, missingDriver, missingHalfDriver } from './swiftShader.ts'

const skipped = (why: string | undefined): string => (why === undefined ? '' : ` (skipped: ${why})`)

describe.skipIf(missingDriver !== undefined)(`WebGPU on an adapter without shader-f16${skipped(missingDriver)}`, () => {
  it('refuses fp16 with the reason and what to do', async () => {
    const facts = await childFacts('halfOnDevice.ts', driverEnvironment)
    const { refusal, code, hint } = facts.get('opened') as Readonly<Record<string, string>>
    expect(refusal).toMatch(/train\.precision "fp16".*requires f16 but the device does not support it/)
    expect(code).toBe('precision-unavailable')
    expect(hint).toContain('Set train.precision to "fp32"')
  }, 120_000)
})

describe.skipIf(missingHalfDriver !== undefined)(
  `WebGPU in half precision on a software Vulkan device, CPU fallback forbidden${skipped(missingHalfDriver)}`,
  () => {
    let facts: ReadonlyMap<string, unknown> = new Map()
    beforeAll(async () => {
      facts = await childFacts('halfOnDevice.ts', halfDriverEnvironment)
    }, 300_000)

    it('opens after its self-test', () => {
      expect(facts.get('opened')).toMatchObject({ reason: expect.stringMatching(/fp16 passed/) as string })
    })

    it('has the losses of float32 over 30 steps, off by as little as rounding on the CPU', () => {
      const { whole, rounded, onCard } = facts.get('losses') as Record<'whole' | 'rounded' | 'onCard', number[]>
      const mean = (losses: readonly number[]) =>
        losses.reduce((sum, loss, index) => sum + Math.abs(loss - whole[index]), 0) / whole.length
      expect(onCard).toHaveLength(30)
      expect(onCard[29]).toBeLessThan(onCard[0] * 0.9)
      expect(mean(rounded)).toBeGreaterThan(1e-6)
      // A card may also add in half precision.
      expect(mean(onCard)).toBeLessThan(4 * mean(rounded))
    })
  },
)
