import { lowerBlocked } from '../../src/engines/onnx/blocked/lowerBlocked.ts'
import { probeBlockSize } from '../../src/engines/onnx/blockSize.ts'
import { lowerPlain } from '../../src/engines/onnx/plain/lowerPlain.ts'
import type { Lower } from '../model/modelParity.ts'

export interface Lowering {
  /** `blocked16`, `blocked8` or `plain`. */
  readonly name: string
  readonly lower: Lower
}

/** Every form in which programs run on this machine; without blocked kernels only the plain one. */
export async function lowerings(): Promise<readonly Lowering[]> {
  const plain: Lowering = { name: 'plain', lower: lowerPlain }
  const block = await probeBlockSize()
  return block > 1 ? [{ name: `blocked${block}`, lower: (program) => lowerBlocked(program, block) }, plain] : [plain]
}
