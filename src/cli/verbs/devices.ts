import type { Command } from 'commander'
import { listDevices, type DeviceRow } from '../../train/deviceList.ts'
import { outputOf } from '../globalOptions.ts'
import { table } from '../output/table.ts'

/** `foldwise devices`. */
export function addDevices(program: Command): void {
  program
    .command('devices')
    .summary('what can train on this machine')
    .description(
      'Lists what can train on this machine; --engine auto takes the first. Where there is a graphics card, each is tested and timed once and the times are kept.',
    )
    .option('--test-again', 'forget earlier tests and times')
    .action(devices)
}

async function devices({ testAgain = false }: { testAgain?: boolean }, command: Command): Promise<void> {
  const output = outputOf(command)
  const rows = await listDevices(testAgain)
  if (output.isJson) {
    for (const row of rows) output.record({ type: 'device', ...row })
    return
  }
  output.line(
    table(['engine', 'lowering', 'device', 'memory', 'threads', 'state', 'trial step', 'note'], rows.map(cells)),
  )
  if (rows.some(({ kind, memoryBytes }) => kind === 'gpu' && memoryBytes === null))
    output.message(
      'Memory unknown: the runtime tells neither name nor memory of what it opened, and the system does not say (shared with the processor, several cards, or no driver tool).',
    )
  if (rows.every(({ kind }) => kind === 'cpu'))
    output.message('No graphics card: the system lists none, or none with a driver that the runtime can use.')
}

function cells({ name, lowering, device, kind, memoryBytes, threads, state, stepMs, note }: DeviceRow): string[] {
  const memory = memoryBytes === null ? 'unknown' : `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`
  const step = stepMs === null ? '' : `${Math.round(stepMs)} ms`
  return [name, lowering, device, kind === 'cpu' ? '' : memory, String(threads), state, step, note]
}
