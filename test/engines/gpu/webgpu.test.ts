import { beforeAll, describe, expect, it } from 'vitest'
import { childFacts } from './childFacts.ts'
import { driverEnvironment, missingDriver } from './swiftShader.ts'

interface Pair {
  readonly cpu: readonly number[]
  readonly gpu: readonly number[]
}

const reason = missingDriver === undefined ? '' : ` (skipped: ${missingDriver})`

describe.skipIf(missingDriver !== undefined)(
  `WebGPU on a software Vulkan device, CPU fallback forbidden${reason}`,
  () => {
    let facts: ReadonlyMap<string, unknown> = new Map()
    beforeAll(async () => {
      facts = await childFacts('onDevice.ts', driverEnvironment)
    }, 300_000)

    it('computes every operator of every architecture, loss and optimizer, in training and inference', () => {
      const placement = facts.get('placement') as Readonly<Record<string, string | null>>
      expect(Object.keys(placement).length).toBeGreaterThan(6)
      expect(Object.entries(placement).filter(([, refusal]) => refusal !== null)).toEqual([])
    })

    it('passes the self-test that every machine runs: loss and gradients as on the CPU', () => {
      expect(facts.get('difference')).toBeLessThan(1e-3)
    })

    it('has the losses of the CPU within 1e-3 over 30 steps', () => {
      const { cpu, gpu } = facts.get('losses') as Pair
      expect(gpu).toHaveLength(30)
      expect(gpu[29]).toBeLessThan(gpu[0] * 0.9)
      expect(largest(cpu, gpu)).toBeLessThan(1e-3)
    })

    it('takes the steps of the CPU with every optimizer', () => {
      const { cpu, gpu } = facts.get('optimizers') as Record<'cpu' | 'gpu', Readonly<Record<string, readonly number[]>>>
      const distances = Object.entries(cpu).map(([name, weights]) => [name, largest(weights, gpu[name])] as const)
      expect(distances.length).toBeGreaterThan(0)
      expect(distances.filter(([, distance]) => !(distance < 1e-6))).toEqual([])
    })

    it('goes on from a checkpoint of the CPU, and the CPU from one of its own', () => {
      const { cpu, toGpu, toCpu } = facts.get('handedOn') as Record<'cpu' | 'toGpu' | 'toCpu', readonly number[]>
      expect(largest(cpu, toGpu)).toBeLessThan(1e-4)
      expect(largest(cpu, toCpu)).toBeLessThan(1e-4)
    })

    it('accumulates gradients', () => {
      const { cpu, gpu } = facts.get('accumulated') as Record<'cpu' | 'gpu', number>
      expect(Math.abs(gpu - cpu) / cpu).toBeLessThan(1e-4)
    })

    it('predicts what the CPU predicts, also with weights loaded anew', () => {
      const { cpu, gpu } = facts.get('predicted') as Pair
      expect(largest(cpu, gpu)).toBeLessThan(1e-4)
    })

    it('keeps its memory flat over 300 steps', () => {
      const bytes = facts.get('memory') as readonly number[]
      expect(bytes).toHaveLength(6)
      // One vector of the state is 1 MB: a leak of one per step would be 200 MB between the first and the last.
      expect(bytes[5] - bytes[1]).toBeLessThan(20 * 2 ** 20)
    })
  },
)

function largest(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length)
  return Math.max(...a.map((value, index) => Math.abs(value - b[index])))
}
