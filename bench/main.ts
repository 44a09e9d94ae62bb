// `npm run bench -- step [--json] [--network NAME] [--batch N] [--rounds N]`: ratios to PyTorch, alternating in one run.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { benchPredict } from './predict.ts'
import { measureStep, stepCases, type StepRow } from './step.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    network: { type: 'string' },
    batch: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    size: { type: 'string', default: '256' },
    steps: { type: 'string', default: '8' },
    lowering: { type: 'string', default: 'auto' },
  },
})
const python = process.env['FOLDWISE_PYTHON']
const reference = resolve(process.env['FOLDWISE_SHARED'] ?? '../shared', 'bench/reference.py')
const hasReference = python !== undefined && existsSync(reference)

if (positionals[0] === 'predict')
  benchPredict(positionals[1], { ...values, python: hasReference ? python : undefined, reference })
else if (positionals[0] !== 'step') {
  console.error(
    'usage: npm run bench -- step|predict|predict large [--json] [--network Unet/resnet18] [--batch 4] [--rounds 3] [--threads 2] [--lowering auto|blocked|plain]',
  )
  process.exitCode = 2
} else {
  if (!hasReference)
    console.error(
      'Only our side is measured: FOLDWISE_PYTHON names a Python with torch and segmentation_models_pytorch, FOLDWISE_SHARED the folder with bench/reference.py.',
    )
  const chosen = stepCases.filter(
    ({ network, batch }) => (values.network ?? network) === network && Number(values.batch ?? batch) === batch,
  )
  for (const stepCase of chosen) {
    const row = measureStep(stepCase, {
      rounds: Number(values.rounds),
      threads: Number(values.threads),
      size: Number(values.size),
      steps: Number(values.steps),
      lowering: values.lowering,
      python: hasReference ? python : undefined,
      reference: hasReference ? reference : undefined,
    })
    console.log(values.json ? JSON.stringify(row) : table(row))
  }
}

function table({ network, batch, ours_ms, torch_ms, ratio, ours_mb, memory_ratio }: StepRow): string {
  const theirs =
    torch_ms === null
      ? 'PyTorch not measured'
      : `PyTorch ${torch_ms} ms   ratio ${ratio}   memory ratio ${memory_ratio}`
  return `${network.padEnd(32)} batch ${batch}   ours ${ours_ms} ms, ${ours_mb} MB   ${theirs}`
}
