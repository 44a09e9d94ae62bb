import type { BenchKind, BenchSettings, Row } from './benchKind.ts'
import { largePages, runChild, runPython } from './childProcess.ts'

const networks = [
  'Unet/efficientnet-b0',
  'Unet/tu-tf_efficientnet_lite0',
  'Unet/resnet34',
  'Unet/mobilenet_v2',
  'DeepLabV3Plus/resnet18',
  'Unet/tu-hrnet_w18_small',
]

/** PyTorch's forms that are tried for each case: whichever is fastest is the reference. */
const layouts = { contiguous: {}, channels_last: { options: { 'channels-last': true } } }
const optimizers = { 'default Adam': {}, 'fused Adam': { options: { fused: true } } }
const pages = { 'small pages': {}, 'large pages': { environment: largePages } }

interface Form {
  readonly options?: Readonly<Record<string, boolean>>
  readonly environment?: Readonly<Record<string, string>>
}

interface Measured {
  readonly ms: number
  readonly mib: number
}

export const step: BenchKind = {
  name: 'step',
  title: 'A training step',
  text: 'Forward, cross-entropy with an ignore index, backward, Adam and running statistics on random images, float32, 12 classes, random weights; the median step of a process. The reference is eager PyTorch with segmentation_models_pytorch in the fastest of its forms (contiguous or channels_last; Adam default or fused; small or large pages of memory); ours runs as the extension starts it, on Linux with large pages. Memory is the peak of the whole process, runtime included.',
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
  const torch = ({ options, environment }: Form, count = steps): Measured =>
    measured(
      runPython(
        python!,
        'torchStep.py',
        { arch, encoder, batch, threads, size, steps: count, ...options },
        environment,
      ),
    )
  const fastest = python === undefined ? undefined : fastestForm((form) => torch(form, 3).ms)
  for (let round = 0; round < rounds; round++) {
    ours.push(measured(runChild('ourStep', { network, batch, lowering, ...rest }, largePages)))
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

/** The layout first, as it weighs most; then the optimizer, then the memory. */
function fastestForm(time: (form: Form) => number): { readonly name: string; readonly form: Form } {
  return [layouts, optimizers, pages].reduce<{ readonly name: string; readonly form: Form }>(
    (base, forms) => {
      const times = Object.entries<Form>(forms).map(([name, { options, environment }]) => {
        const form = {
          options: { ...base.form.options, ...options },
          environment: { ...base.form.environment, ...environment },
        }
        return { name: base.name === '' ? name : `${base.name}, ${name}`, form, ms: time(form) }
      })
      return times.reduce((best, each) => (each.ms < best.ms ? each : best))
    },
    { name: '', form: {} },
  )
}

function measured({ ms, mib }: Readonly<Record<string, unknown>>): Measured {
  return { ms: Number(Number(ms).toFixed(2)), mib: Math.round(Number(mib)) }
}
