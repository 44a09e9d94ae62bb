import type { BenchKind, BenchSettings, Measure, Row } from './benchKind.ts'
import { runChild } from './childProcess.ts'

const networks = ['Unet/efficientnet-b0', 'Unet/resnet34', 'Unet/mobilenet_v2']

export const checkpointing: BenchKind = {
  name: 'checkpointing',
  title: 'Computing activations again',
  text: 'The training step of the first section with `train.checkpoint_activations`, against the same step without it: what it saves of the peak memory of the process, and what it costs.',
  cases: ({ network, batch = 8, ...rest }) =>
    (network === undefined ? networks : [network]).map((name) => ({
      name: `${name}, batch ${batch}`,
      measure: () => measureMemory(name, batch, rest),
    })),
}

function measureMemory(
  network: string,
  batch: number,
  { rounds, steps, threads, size, lowering }: Omit<BenchSettings, 'network' | 'batch'>,
): Row {
  const [again, kept]: [Measured[], Measured[]] = [[], []]
  const step = (isCheckpointing: boolean): Measured => {
    const { ms, mib } = runChild('ourStep', { network, batch, threads, size, steps, lowering, isCheckpointing })
    return { ms: Number(Number(ms).toFixed(2)), mib: Math.round(Number(mib)) }
  }
  for (let round = 0; round < rounds; round++) {
    again.push(step(true))
    kept.push(step(false))
  }
  const measure = (name: string, unit: Measure['unit'], key: keyof Measured): Measure => ({
    name,
    unit,
    ours: again.map((each) => each[key]),
    theirs: kept.map((each) => each[key]),
  })
  return {
    measures: [measure('memory', 'MiB', 'mib'), measure('step', 'ms', 'ms')],
    reference: 'all activations kept',
    settings: `${size}×${size}, ${threads} threads, ${steps} steps`,
  }
}

interface Measured {
  readonly ms: number
  readonly mib: number
}
