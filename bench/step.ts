import type { BenchKind, BenchSettings, Row } from './benchKind.ts'
import { runChild, runPython } from './childProcess.ts'

const networks = [
  'Unet/efficientnet-b0',
  'Unet/tu-tf_efficientnet_lite0',
  'Unet/resnet34',
  'Unet/mobilenet_v2',
  'DeepLabV3Plus/resnet18',
  'Unet/tu-hrnet_w18_small',
]

/** PyTorch's forms that are tried for each case: whichever is fastest is the reference. */
const layouts = { contiguous: {}, channels_last: { 'channels-last': true } }
const optimizers = { 'default Adam': {}, 'fused Adam': { fused: true } }

interface Measured {
  readonly ms: number
  readonly mib: number
}

export const step: BenchKind = {
  name: 'step',
  title: 'A training step',
  text: 'Forward, cross-entropy with an ignore index, backward, Adam and running statistics on random images, float32, 12 classes, random weights; the median step of a process. The reference is eager PyTorch with segmentation_models_pytorch in the fastest of its forms (contiguous or channels_last; Adam default or fused). Memory is the peak of the whole process, runtime included.',
  cases: ({ network, batch, ...rest }) =>
    (network === undefined ? networks : [network]).flatMap((name) =>
      (batch === undefined ? [4, 8] : [batch]).map((images) => ({
        name: `${name}, batch ${images}`,
        measure: () => measureStep(name, images, rest),
      })),
    ),
}

type Settings = Omit<BenchSettings, 'network' | 'batch'>

function measureStep(network: string, batch: number, { python, rounds, lowering, ...rest }: Settings): Row {
  const { steps, threads, size } = rest
  const [arch, encoder] = network.split('/')
  const ours: Measured[] = []
  const theirs: Measured[] = []
  const torch = (form: object, count = steps): Measured =>
    measured(runPython(python!, 'torchStep.py', { arch, encoder, batch, threads, size, steps: count, ...form }))
  const fastest = python === undefined ? undefined : fastestForm((form) => torch(form, 3).ms)
  for (let round = 0; round < rounds; round++) {
    ours.push(measured(runChild('ourStep', { network, batch, lowering, ...rest })))
    if (fastest !== undefined) theirs.push(torch(fastest.form))
  }
  const column = (values: readonly Measured[], key: keyof Measured): number[] => values.map((each) => each[key])
  return {
    measures: [
      { name: 'step', unit: 'ms', ours: column(ours, 'ms'), theirs: fastest ? column(theirs, 'ms') : null },
      { name: 'memory', unit: 'MiB', ours: column(ours, 'mib'), theirs: fastest ? column(theirs, 'mib') : null },
    ],
    reference: fastest ? `PyTorch, ${fastest.name}` : null,
    settings: `${size}×${size}, ${threads} threads, ${steps} steps${lowering === 'auto' ? '' : `, lowering ${lowering}`}`,
  }
}

/** The layout first, as it weighs most; then the optimizer. */
function fastestForm(time: (form: object) => number): { readonly name: string; readonly form: object } {
  const fasterOf = (forms: Readonly<Record<string, object>>, base: object) => {
    const times = Object.entries(forms).map(([name, form]) => ({ name, form, ms: time({ ...base, ...form }) }))
    return times.reduce((best, each) => (each.ms < best.ms ? each : best))
  }
  const layout = fasterOf(layouts, {})
  const optimizer = fasterOf(optimizers, layout.form)
  return { name: `${layout.name}, ${optimizer.name}`, form: { ...layout.form, ...optimizer.form } }
}

function measured({ ms, mib }: Readonly<Record<string, unknown>>): Measured {
  return { ms: Number(Number(ms).toFixed(2)), mib: Math.round(Number(mib)) }
}
