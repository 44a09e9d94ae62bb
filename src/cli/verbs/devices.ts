import type { Command } from 'commander'
import { listDevices } from '../../train/engineChoice.ts'
import { outputOf } from '../globalOptions.ts'
import { table } from '../output/table.ts'

/** `foldwise devices`. */
export function addDevices(program: Command): void {
  program
    .command('devices')
    .summary('what can train on this machine')
    .description('Lists what can train on this machine; --engine auto takes the first.')
    .action(devices)
}

async function devices(_options: object, command: Command): Promise<void> {
  const output = outputOf(command)
  const rows = await listDevices()
  if (output.isJson) {
    for (const row of rows) output.record({ type: 'device', ...row })
    return
  }
  const cells = rows.map(({ name, lowering, device, threads, state, note }) => [
    name,
    lowering,
    device,
    String(threads),
    state,
    note,
  ])
  output.line(table(['engine', 'lowering', 'device', 'threads', 'state', 'note'], cells))
}
