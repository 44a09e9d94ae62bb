import type { BenchKind } from './benchKind.ts'
import { runChild } from './childProcess.ts'

/** [height, width]: four times the pixels of the first by both sides, and by height alone. */
const sizes = [
  [5000, 5000],
  [10_000, 10_000],
  [20_000, 5000],
]

export const predictLarge: BenchKind = {
  name: 'predict-large',
  title: 'Images larger than memory',
  text: 'From a PNG to its prediction by sliding windows of 512 pixels, Unet over mobilenet_v2: time, and the peak memory of the process. Once, without rounds.',
  cases: ({ threads }) =>
    sizes.map(([height, width]) => ({
      name: `${height}×${width}`,
      measure: () => {
        const { seconds, peak_mb: peak } = runChild('predictLarge', { height, width, threads })
        return {
          measures: [
            { name: 'time', unit: 's', ours: [Number(seconds)], theirs: null },
            { name: 'memory', unit: 'MiB', ours: [Number(peak)], theirs: null },
          ],
          reference: null,
          settings: `${threads} threads`,
        }
      },
    })),
}
