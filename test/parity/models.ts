import { join } from 'node:path'
import { architectures } from '../../src/model/decoders/registry.ts'
import { encoders } from '../../src/model/encoders/registry.ts'
import { checkModel, isImplemented, type Lower, type ModelEntry, type ParityItem } from '../model/modelParity.ts'
import { readJson } from './fixtureFiles.ts'
import type { Lowering } from './lowerings.ts'
import { compared, notImplemented, type ParityRow } from './row.ts'
import { gradientsWithoutFlips } from './withoutFlips.ts'

/** A network of the index; `tensors` is the size of its state dict. */
type IndexEntry = ModelEntry & { readonly tensors: number }

export function readModels(folder: string): Readonly<Record<string, IndexEntry>> {
  return readJson(folder, 'index.json') as Record<string, IndexEntry>
}

function missingPart({ arch, encoder_name: encoder, arguments: given }: ModelEntry): string {
  if (!architectures.names.includes(arch)) return `architecture ${arch}`
  if (!encoders.names.includes(encoder)) return `encoder ${encoder}`
  return `one of the arguments ${Object.keys(given).join(', ')}`
}

function rowOf(name: string, { item, error, tolerance, worst }: ParityItem): ParityRow {
  const measure = { error, tolerance }
  const row = compared(`${name} ${item}`, item.endsWith('gradients') ? { gradient: measure } : { value: measure })
  return row.verdict === 'ok' ? row : { ...row, note: `worst at ${worst}` }
}

/** Gradients beyond the tolerance hold if they are within it once every activation is on its side in float64. */
async function rowWithFlips(name: string, folder: string, lower: Lower, parity: ParityItem): Promise<ParityRow> {
  const row = rowOf(name, parity)
  if (row.verdict === 'ok' || row.gradient === undefined) return row
  const { flipped, error, tolerance, worst } = await gradientsWithoutFlips(folder, lower, parity.item)
  if (flipped === 0) return row
  const note = `${flipped} flipped; ${error.toExponential(1)} without`
  return error <= tolerance ? { ...row, verdict: 'ok', note, flipped } : { ...row, note: `${note}, worst at ${worst}` }
}

/** The comparisons of one network through one lowering; an exception is a failure of this network. */
export async function checkModelRows(
  folder: string,
  name: string,
  { lower, ...lowering }: Lowering,
): Promise<readonly ParityRow[]> {
  const item = `${name} ${lowering.name}`
  const path = join(folder, name)
  const rows: ParityRow[] = []
  try {
    for (const parity of await checkModel(path, lower)) rows.push(await rowWithFlips(item, path, lower, parity))
  } catch (error) {
    rows.push({ item, verdict: 'FAIL', note: error instanceof Error ? error.message : String(error) })
  }
  return rows
}

export async function* modelRows(folder: string, all: readonly Lowering[]): AsyncIterable<ParityRow> {
  for (const [name, entry] of Object.entries(readModels(folder))) {
    if (!isImplemented(entry)) yield notImplemented(name, missingPart(entry))
    else for (const lowering of all) yield* await checkModelRows(folder, name, lowering)
  }
}
