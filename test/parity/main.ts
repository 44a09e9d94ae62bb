// `npm run parity -- [--only models,losses] [--json]`: everything that has a reference value, against it.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fixturesPath } from '../shared.ts'
import { lossRows } from './losses.ts'
import { lowerings, type Lowering } from './lowerings.ts'
import { metricRows } from './metrics.ts'
import { modelRows } from './models.ts'
import { optimizerRows } from './optimizers.ts'
import type { ParityRow } from './row.ts'
import { schedulerRows } from './schedulers.ts'
import { splitRows } from './splits.ts'
import { headerLine, rowJson, rowLine, Tally } from './table.ts'

type Rows = (folder: string, all: readonly Lowering[]) => AsyncIterable<ParityRow>

/** A section is called as its folder of fixtures. */
const sections: Readonly<Record<string, Rows>> = {
  losses: lossRows,
  optimizers: optimizerRows,
  schedulers: schedulerRows,
  splits: splitRows,
  metrics: metricRows,
  models: modelRows,
}

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false } } })
const chosen = values.only?.split(',') ?? Object.keys(sections)
const unknown = chosen.filter((name) => !Object.hasOwn(sections, name))
// With --json only rows go to the standard output.
const say = values.json ? console.error : console.log

if (unknown.length > 0) {
  console.error(`There is no section ${unknown.join(', ')}; there are ${Object.keys(sections).join(', ')}.`)
  process.exitCode = 2
} else await compareSections()

async function compareSections(): Promise<void> {
  const all = await lowerings()
  const tally = new Tally()
  for (const name of chosen) {
    const folder = fixturesPath(name)
    if (folder === undefined || !existsSync(folder)) {
      say(`skipped: ${name} (FOLDWISE_FIXTURES, or FOLDWISE_SHARED with its folder fixtures, does not lead to them)`)
      continue
    }
    if (!values.json) console.log(headerLine(name))
    for await (const row of sections[name](folder, all)) {
      tally.count(row)
      console.log(values.json ? rowJson(name, row) : rowLine(row))
    }
  }
  if (tally.footnote !== undefined) say(`\n${tally.footnote}`)
  if (!values.json && tally.failures.length > 0) console.log(['\nfailed:', ...tally.failures.map(rowLine)].join('\n'))
  say(`\n${tally.summary}`)
  process.exitCode = tally.failures.length > 0 ? 1 : 0
}
