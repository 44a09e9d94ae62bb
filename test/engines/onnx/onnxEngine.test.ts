import { describe, expect, it } from 'vitest'
import { probeBlockSize } from '../../../src/engines/onnx/blockSize.ts'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { blockedDifference } from '../../../src/engines/onnx/selfTest.ts'

const block = await probeBlockSize()

describe('the choice of a lowering', () => {
  it('takes plain operators when asked', async () => {
    const { engine, reason } = await onnxEngine({ threads: 1, lowering: 'plain' })
    expect(engine.lowering).toBe('plain')
    expect(reason).toContain('as asked')
  })

  it('falls back to plain operators, and says so in one line, where the self-test failed on this machine', async () => {
    const memory = { recall: () => false, remember: () => undefined }
    const { engine, reason } = await onnxEngine({ threads: 1, lowering: 'auto', memory })
    expect(engine.lowering).toBe('plain')
    expect(reason).toMatch(block > 1 ? /failed their self-test/ : /no blocked kernels/)
    expect(reason).not.toContain('\n')
  })

  it.skipIf(block === 1)('tests blocked kernels once and remembers the verdict', async () => {
    const verdicts = new Map<string, boolean>()
    const memory = {
      recall: (key: string) => verdicts.get(key),
      remember: (key: string, passed: boolean) => verdicts.set(key, passed),
    }
    const first = await onnxEngine({ threads: 1, lowering: 'auto', memory })
    expect(first.engine.lowering).toBe(`blocked${block}`)
    expect([...verdicts.values()]).toEqual([true])
    const second = await onnxEngine({ threads: 1, lowering: 'auto', memory })
    expect(second.reason).toContain('before')
  })

  it.skipIf(block === 1)('sees a wrong block size as a large difference', async () => {
    await expect(blockedDifference(block)).resolves.toBeLessThan(1e-3)
    const wrong = await blockedDifference(block === 16 ? 8 : 16).catch(() => Number.POSITIVE_INFINITY)
    expect(wrong).toBeGreaterThan(0.1)
  })
})
