import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'

/** One training step of ours against PyTorch's: separate processes that alternate, medians, peak memory of each. */
export interface StepCase {
  readonly network: string
  readonly arch: string
  readonly encoder: string
  readonly batch: number
}

export const stepCases: readonly StepCase[] = [
  { network: 'Unet/efficientnet-b0', arch: 'unet', encoder: 'efficientnet-b0', batch: 4 },
  { network: 'Unet/efficientnet-b0', arch: 'unet', encoder: 'efficientnet-b0', batch: 8 },
  { network: 'Unet/tu-tf_efficientnet_lite0', arch: 'unet', encoder: 'tu-tf_efficientnet_lite0', batch: 4 },
  { network: 'Unet/mobilenet_v2', arch: 'unet', encoder: 'mobilenet_v2', batch: 4 },
  { network: 'Unet/resnet18', arch: 'unet', encoder: 'resnet18', batch: 4 },
  { network: 'Unet/resnet34', arch: 'unet', encoder: 'resnet34', batch: 4 },
]

export interface StepOptions {
  readonly rounds: number
  readonly threads: number
  readonly size: number
  readonly steps: number
  readonly python: string | undefined
  readonly reference: string | undefined
  readonly lowering: string
}

interface Measured {
  readonly ms: number
  readonly mb: number
  readonly losses: readonly number[]
}

export interface StepRow {
  readonly network: string
  readonly batch: number
  readonly ours_ms: number
  readonly torch_ms: number | null
  readonly ratio: number | null
  readonly ours_mb: number
  readonly torch_mb: number | null
  readonly memory_ratio: number | null
  readonly ratios: readonly number[]
  readonly torch_form: string | null
  readonly cpu: string
  readonly load: number
}

/** The faster of PyTorch's two layouts is the reference; the first round finds out which. */
export function measureStep(stepCase: StepCase, options: StepOptions): StepRow {
  const ours: Measured[] = []
  const theirs: Measured[] = []
  const layout = options.python === undefined ? undefined : fasterLayout(stepCase, options)
  for (let round = 0; round < options.rounds; round++) {
    ours.push(measureOurs(stepCase, options))
    if (layout !== undefined) theirs.push(measureTorch(stepCase, options, layout))
  }
  const ratios = theirs.map(({ ms }, round) => ours[round].ms / ms)
  const [oursMs, oursMb] = [median(ours.map(({ ms }) => ms)), median(ours.map(({ mb }) => mb))]
  const torch =
    theirs.length === 0 ? null : { ms: median(theirs.map(({ ms }) => ms)), mb: median(theirs.map(({ mb }) => mb)) }
  return {
    network: stepCase.network,
    batch: stepCase.batch,
    ours_ms: round(oursMs, 1),
    torch_ms: torch && round(torch.ms, 1),
    ratio: torch && round(median(ratios), 3),
    ours_mb: round(oursMb, 0),
    torch_mb: torch && round(torch.mb, 0),
    memory_ratio: torch && round(oursMb / torch.mb, 3),
    ratios: ratios.map((ratio) => round(ratio, 3)),
    torch_form: layout ?? null,
    cpu: cpus()[0]?.model.trim() ?? '',
    load: round(loadavg()[0], 2),
  }
}

function measureOurs({ encoder, batch }: StepCase, { threads, size, steps, lowering }: StepOptions): Measured {
  const child = fileURLToPath(new URL('ourStep.child.mjs', import.meta.url))
  const argument = JSON.stringify({ encoder, batch, threads, size, steps, lowering })
  return run(process.execPath, [child, argument], (line) => line as unknown as Measured)
}

function fasterLayout(stepCase: StepCase, options: StepOptions): string {
  const [last, first] = ['--channels-last', ''].map(
    (layout) => measureTorch(stepCase, { ...options, steps: 3 }, layout).ms,
  )
  return last <= first ? '--channels-last' : ''
}

function measureTorch({ arch, encoder, batch }: StepCase, options: StepOptions, layout: string): Measured {
  const { python, reference, threads, size, steps } = options
  const numbers = { '--size': size, '--batch': batch, '--threads': threads, '--steps': steps }
  const args = Object.entries(numbers).flatMap(([name, value]) => [name, String(value)])
  return run(
    python!,
    [reference!, '--arch', arch, '--encoder', encoder, ...args, ...(layout === '' ? [] : [layout])],
    (line) => ({
      ms: line['ms_median'] as number,
      mb: line['peak_rss_mib'] as number,
      losses: line['losses'] as number[],
    }),
  )
}

function run(program: string, args: readonly string[], read: (line: Record<string, unknown>) => Measured): Measured {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  return read(JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
