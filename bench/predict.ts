// `npm run bench -- predict [--json] [--network NAME] [--batch N] [--rounds N]`: forward passes of ours (BatchNorm folded,
// labels) against PyTorch's `inference_mode` (logits): separate processes that alternate, medians.
// `npm run bench -- predict large`: memory and time of images of 25 and 100 megapixels by sliding windows.
import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'

const encoders = ['efficientnet-b0', 'resnet34', 'mobilenet_v2']
const batches = [1, 4]

/** [height, width]: four times the pixels of the first by both sides, and by height alone. */
const largeSizes = [
  [5000, 5000],
  [10_000, 10_000],
  [20_000, 5000],
]

/** Passes for each step that `--steps` asks for: one takes a tenth of a training step. */
const passesPerStep = 4

interface PredictOptions {
  readonly json: boolean
  readonly network?: string | undefined
  readonly batch?: string | undefined
  readonly rounds: string
  readonly threads: string
  readonly size: string
  readonly steps: string
  readonly lowering: string
  readonly python: string | undefined
  readonly reference: string | undefined
}

export function benchPredict(what: string | undefined, options: PredictOptions): void {
  if (what === 'large') for (const [height, width] of largeSizes) console.log(measureLarge(height, width, options))
  else
    for (const encoder of encoders)
      for (const batch of batches) if (isChosen(encoder, batch, options)) console.log(measure(encoder, batch, options))
}

function isChosen(encoder: string, batch: number, { network, batch: only }: PredictOptions): boolean {
  return (network ?? `Unet/${encoder}`) === `Unet/${encoder}` && Number(only ?? batch) === batch
}

function measure(encoder: string, batch: number, options: PredictOptions): string {
  const { rounds, python, reference } = options
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < Number(rounds); round++) {
    ours.push(measureOurs(encoder, batch, options))
    if (python !== undefined && reference !== undefined) theirs.push(measureTorch(encoder, batch, options))
  }
  const ratios = theirs.map((ms, round) => ours[round] / ms)
  const row = {
    network: `Unet/${encoder}`,
    batch,
    ours_ms: rounded(median(ours), 1),
    torch_ms: theirs.length === 0 ? null : rounded(median(theirs), 1),
    ratio: theirs.length === 0 ? null : rounded(median(ratios), 3),
    ratios: ratios.map((ratio) => rounded(ratio, 3)),
    cpu: cpus()[0]?.model.trim() ?? '',
    load: rounded(loadavg()[0], 2),
  }
  if (options.json) return JSON.stringify(row)
  const torch = row.torch_ms === null ? 'PyTorch not measured' : `PyTorch ${row.torch_ms} ms   ratio ${row.ratio}`
  return `${row.network.padEnd(24)} batch ${batch}   ours ${row.ours_ms} ms   ${torch}`
}

function measureOurs(encoder: string, batch: number, { threads, size, steps, lowering }: PredictOptions): number {
  const numbers = { batch, threads: Number(threads), size: Number(size), steps: Number(steps) * passesPerStep }
  return lineOf(process.execPath, [child('predict'), JSON.stringify({ encoder, lowering, ...numbers })])['ms'] as number
}

function measureTorch(encoder: string, batch: number, options: PredictOptions): number {
  const { python, reference, threads, size, steps } = options
  const numbers = [
    '--size',
    size,
    '--batch',
    String(batch),
    '--threads',
    threads,
    '--steps',
    String(Number(steps) * passesPerStep),
  ]
  const args = [reference!, '--inference', '--channels-last', '--arch', 'unet', '--encoder', encoder, ...numbers]
  return lineOf(python!, args)['ms_median'] as number
}

function measureLarge(height: number, width: number, { threads, json }: PredictOptions): string {
  const argument = JSON.stringify({ height, width, threads: Number(threads) })
  const line = lineOf(process.execPath, [child('predictLarge'), argument])
  if (json) return JSON.stringify(line)
  const { megapixels, seconds, peak_mb: peak, windows } = line as Record<string, number>
  return `${height}×${width} (${megapixels} megapixels), ${windows} windows: ${seconds} s, peak ${peak} MiB`
}

function child(name: string): string {
  return fileURLToPath(new URL(`${name}.child.mjs`, import.meta.url))
}

function lineOf(program: string, args: readonly string[]): Record<string, unknown> {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
