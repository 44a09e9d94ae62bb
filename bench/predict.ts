import type { BenchKind, BenchSettings, Row } from './benchKind.ts'
import { runChild, runPython } from './childProcess.ts'

const encoders = ['efficientnet-b0', 'resnet34', 'mobilenet_v2']

/** Passes for each step that `--steps` asks for: one takes a tenth of a training step. */
const passesPerStep = 4

export const predict: BenchKind = {
  name: 'predict',
  title: 'A forward pass',
  text: 'Of random images with random weights: ours with BatchNorm folded into the convolutions and with labels, PyTorch’s in `inference_mode` and channels_last with logits.',
  cases: ({ network, batch, ...rest }) =>
    (network === undefined ? encoders : [network.replace(/^Unet\//, '')]).flatMap((encoder) =>
      (batch === undefined ? [1, 4] : [batch]).map((images) => ({
        name: `Unet/${encoder}, batch ${images}`,
        measure: () => measurePasses(encoder, images, rest),
      })),
    ),
}

type Settings = Omit<BenchSettings, 'network' | 'batch'>

function measurePasses(encoder: string, batch: number, { python, rounds, lowering, ...rest }: Settings): Row {
  const { threads, size } = rest
  const common = { encoder, batch, threads, size, steps: rest.steps * passesPerStep }
  const torch = { arch: 'Unet', 'channels-last': true, inference: true }
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(milliseconds(runChild('predict', { ...common, lowering })))
    if (python !== undefined) theirs.push(milliseconds(runPython(python, 'torchStep.py', { ...common, ...torch })))
  }
  return {
    measures: [{ name: 'pass', unit: 'ms', ours, theirs: python === undefined ? null : theirs }],
    reference: python === undefined ? null : 'PyTorch, channels_last',
    settings: `${size}×${size}, ${threads} threads, ${common.steps} passes`,
  }
}

function milliseconds({ ms }: Readonly<Record<string, unknown>>): number {
  return Number(Number(ms).toFixed(2))
}
