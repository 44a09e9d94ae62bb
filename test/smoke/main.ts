// `npm run smoke [-- --only NAME,…]`: does every decoder and every encoder learn one batch by heart? For every night.
import { parseArgs } from 'node:util'
import { onnxEngine } from '../../src/engines/onnx/onnxEngine.ts'
import { fewSteps } from './fewSteps.ts'
import { smokeNetworks } from './networks.ts'
import { hasFallen } from './verdict.ts'

const steps = 20
const { values } = parseArgs({ options: { only: { type: 'string' } } })
const only = values.only?.split(',')
const chosen = smokeNetworks.filter(
  ({ arch, encoder }) => only === undefined || only.includes(arch) || only.includes(encoder),
)

const { engine } = await onnxEngine({ threads: 2, lowering: 'auto' })
let failed = 0
for (const network of chosen) {
  const losses = await fewSteps(engine, network, steps)
  const isGood = hasFallen(losses)
  if (!isGood) failed++
  const ends = [losses[0], losses.at(-1) ?? NaN].map((loss) => loss.toFixed(4))
  console.log(
    `${isGood ? 'falls ' : 'FAILED'}  ${network.arch}/${network.encoder}, ${network.side}×${network.side}: ${ends.join(' → ')}`,
  )
}
console.log(`\n${chosen.length - failed} networks learn one batch in ${steps} steps, ${failed} do not`)
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0
