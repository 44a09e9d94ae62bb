import type { BenchKind } from './benchKind.ts'
import { runChild } from './childProcess.ts'

const [defaultNetwork, size] = ['Unet/mobilenet_v2', 64]
const steps = [100, 300, 500, 1000, 1500, 2000]

export const memory: BenchKind = {
  name: 'memory',
  title: 'Memory over many steps',
  text: 'Resident memory of one process that trains on random images with Adam and reads weights and optimizer state out every 100 steps, as a checkpoint does: whether it grows. Once, without rounds.',
  cases: ({ network = defaultNetwork, batch = 2, threads, lowering }) => [
    {
      name: `${network}, batch ${batch}`,
      measure: () => {
        const { mib } = runChild('memory', { network, batch, size, threads, lowering, steps })
        return {
          measures: [
            {
              name: `resident after ${steps.join(', ')} steps`,
              unit: 'MiB',
              ours: mib as readonly number[],
              theirs: null,
            },
          ],
          reference: null,
          settings: `${size}×${size}, ${threads} threads`,
        }
      },
    },
  ],
}
