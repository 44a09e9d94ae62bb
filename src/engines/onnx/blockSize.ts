import { Emitter } from './emitter.ts'
import { createSession, tensorOver } from './session.ts'

/**
 * Channels per block of this machine's kernels: 16 with AVX-512, 8 with AVX2; 1 where there are no blocked kernels.
 * Seen from how ReorderInput lays out 64 channels of two pixels: value 1, the second pixel of channel 0, comes after the
 * block.
 */
export async function probeBlockSize(): Promise<number> {
  const emitter = new Emitter()
  const image = emitter.input('image', 'float32', [1, 64, 1, 2])
  emitter.output('blocked', emitter.op('ReorderInput', [image], {}, 'com.microsoft.nchwc'), 'float32', [1, 64, 1, 2])
  try {
    const session = await createSession(emitter, { threads: 1 })
    const counted = Float32Array.from({ length: 128 }, (_, index) => index)
    const { blocked } = await session.run({ image: tensorOver(counted, [1, 64, 1, 2]) })
    await session.release()
    const block = (blocked.data as Float32Array).indexOf(1)
    return block >= 4 ? block : 1
  } catch {
    // A build of the runtime without these kernels refuses the operator.
    return 1
  }
}
