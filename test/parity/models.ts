import { join } from 'node:path'
import { architectures } from '../../src/model/decoders/registry.ts'
import { encoders } from '../../src/model/encoders/registry.ts'
import { checkModel, holds, isImplemented, type ModelEntry, type ParityItem } from '../model/modelParity.ts'
import { readJson } from './fixtureFiles.ts'
import type { Lowering } from './lowerings.ts'
import { notImplemented, type ParityRow } from './row.ts'

export function readModels(folder: string): Readonly<Record<string, ModelEntry>> {
  return readJson(folder, 'index.json')
}

function missingPart({ arch, encoder_name: encoder, arguments: given }: ModelEntry): string {
  if (!architectures.names.includes(arch)) return `architecture ${arch}`
  if (!encoders.names.includes(encoder)) return `encoder ${encoder}`
  return `one of the arguments ${Object.keys(given).join(', ')}`
}

function rowOf(name: string, parity: ParityItem): ParityRow {
  const { item, error, tolerance, flipped, worst } = parity
  const measure = { error, tolerance }
  const isHeld = holds(parity)
  return {
    item: `${name} ${item}`,
    ...(item.endsWith('gradients') ? { gradient: measure } : { value: measure }),
    verdict: isHeld ? 'ok' : 'FAIL',
    flipped: isHeld && error > tolerance ? flipped : undefined,
    note: isHeld ? undefined : `worst at ${worst}${flipped === undefined ? '' : `; ${flipped} activations flipped`}`,
  }
}

/** The comparisons of one network through one lowering; an exception is a failure of this network. */
export async function checkModelRows(folder: string, name: string, lowering: Lowering): Promise<readonly ParityRow[]> {
  const item = `${name} ${lowering.name}`
  try {
    return (await checkModel(join(folder, name), lowering.lower)).map((parity) => rowOf(item, parity))
  } catch (error) {
    return [{ item, verdict: 'FAIL', note: error instanceof Error ? error.message : String(error) }]
  }
}

export async function* modelRows(folder: string, all: readonly Lowering[]): AsyncIterable<ParityRow> {
  for (const [name, entry] of Object.entries(readModels(folder))) {
    if (!isImplemented(entry)) yield notImplemented(name, missingPart(entry))
    else for (const lowering of all) yield* await checkModelRows(folder, name, lowering)
  }
}
