import { lowerBlocked } from '../../src/engines/onnx/blocked/lowerBlocked.ts'
import { probeBlockSize } from '../../src/engines/onnx/blockSize.ts'
import { lowerPlain } from '../../src/engines/onnx/plain/lowerPlain.ts'
import { runLowered, type Run } from '../engines/runLowered.ts'
import { javascriptBackend } from '../engines/tensorflow/javascriptBackend.ts'
import { runInterpreted } from '../engines/tensorflow/runInterpreted.ts'
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

/** A way to run small programs. */
export interface Runner {
  readonly name: string
  readonly run: Run
}

/** Every lowering on ONNX Runtime, and TensorFlow's interpreter (with its kernels in JavaScript). */
export async function runners(): Promise<readonly Runner[]> {
  const tf = await javascriptBackend()
  const lowered = (await lowerings()).map(({ name, lower }): Runner => ({
    name,
    run: (program, feeds) => runLowered(lower(program), feeds),
  }))
  return [...lowered, { name: 'tensorflow', run: (program, feeds) => runInterpreted(tf, program, feeds) }]
}
