import { describe, it } from 'vitest'
import { lowerBlocked } from '../../../src/engines/onnx/blocked/lowerBlocked.ts'
import { probeBlockSize } from '../../../src/engines/onnx/blockSize.ts'
import { gradientChecks } from '../gradientChecks.ts'
import { runLowered } from '../runLowered.ts'

const block = await probeBlockSize()

if (block > 1)
  gradientChecks(`blocked lowering, blocks of ${block}`, (program, feeds) =>
    runLowered(lowerBlocked(program, block), feeds),
  )
else
  describe.skip('blocked lowering [skipped: this CPU has no blocked kernels]', () => {
    it('needs them', () => undefined)
  })
