// `npm run bench -- KIND [options]`: ours and a reference in turn, each in a process of its own.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { wholeNumber } from '../src/cli/arguments.ts'
import type { BenchKind, BenchSettings } from './benchKind.ts'
import { kinds } from './kinds.ts'
import { thisMachine } from './machine.ts'
import { saveRow, type SavedRow } from './results.ts'
import { writePerformance } from './performance.ts'
import { rowText } from './rowText.ts'

const usage = `usage: npm run bench -- KIND [--save] [--json]
       npm run bench -- report
  KIND              ${kinds.map(({ name }) => name).join(', ')}
  report            writes docs/PERFORMANCE.md from what is saved
  --save            put the rows into bench/results, with the facts of this machine
  --json            one JSON object per row
  --network NAME    Architecture/encoder, e.g. Unet/resnet18, instead of the list
  --batch N         images, instead of the list
  --rounds N        times that ours and the reference are measured in turn (3)
  --steps N         measured in each round, after those that warm up (8)
  --threads N       (2)   --size PIXELS (256)   --lowering auto|blocked|plain
FOLDWISE_PYTHON names a Python with torch and segmentation_models_pytorch; without it only ours is measured.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    save: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    network: { type: 'string' },
    batch: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '8' },
    threads: { type: 'string', default: '2' },
    size: { type: 'string', default: '256' },
    lowering: { type: 'string', default: 'auto' },
  },
})
const kind = kinds.find(({ name }) => name === positionals[0])
const atLeastOne = wholeNumber(1)
if (positionals[0] === 'report') {
  writePerformance()
} else if (kind === undefined) {
  console.error(usage)
  process.exitCode = 2
} else {
  const python = process.env['FOLDWISE_PYTHON']
  if (python === undefined) console.error('Only ours is measured: FOLDWISE_PYTHON is not set.')
  await measure(kind, {
    network: values.network,
    batch: values.batch === undefined ? undefined : atLeastOne(values.batch),
    rounds: atLeastOne(values.rounds),
    steps: atLeastOne(values.steps),
    threads: atLeastOne(values.threads),
    size: atLeastOne(values.size),
    lowering: values.lowering,
    python,
  })
}

/** Each row is shown and saved when it is there. A case that fails is told and left out. */
async function measure({ name: kindName, cases }: BenchKind, settings: BenchSettings): Promise<void> {
  const load = Number(loadavg()[0].toFixed(2))
  const machine = await thisMachine(settings.python)
  for (const { name, measure } of cases(settings)) {
    try {
      const row = await measure()
      const saved: SavedRow = { case: name, ...row, date: new Date().toISOString().slice(0, 10), load }
      console.log(values.json ? JSON.stringify(saved) : rowText(name, row))
      if (values.save) saveRow(kindName, machine, saved)
    } catch (error) {
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
  }
}
