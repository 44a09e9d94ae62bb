import {
  epochColumns,
  stepColumns,
  type CurveColumns,
  type EpochColumns,
  type StepColumns,
  type ToCurves,
} from '../../protocol/curvesMessages.ts'

/**
 * The same message with all its numbers in one buffer. VS Code hands the buffers of a message on as arguments of one call, and
 * counts those in a byte: of more than 253 it loses all but a few, without a word (1.139: `writeMixedArray` in
 * rpcProtocol.ts). Columns that share a buffer are one.
 */
export function packed(message: ToCurves): ToCurves {
  switch (message.type) {
    case 'hydrate': {
      const columns = packedColumns(message.runs.map((run) => run.columns))
      return { ...message, runs: message.runs.map((run, index) => ({ ...run, columns: columns[index] })) }
    }
    case 'add': {
      const [columns] = packedColumns([message.run.columns])
      return { ...message, run: { ...message.run, columns } }
    }
    case 'append': {
      const columns = packedColumns(message.appended.map((each) => each.columns))
      return { ...message, appended: message.appended.map((each, index) => ({ ...each, columns: columns[index] })) }
    }
    default:
      return message
  }
}

function packedColumns(all: readonly CurveColumns[]): readonly CurveColumns[] {
  const lengths = all.map(({ steps, epochs }) => {
    const ofSteps = stepColumns.length * steps.step.length
    return ofSteps + epochColumns.length * epochs.epoch.length + epochs.perClassIoU.length
  })
  const numbers = new Float64Array(lengths.reduce((sum, length) => sum + length, 0))
  let offset = 0
  const moved = (column: Float64Array): Float64Array => {
    const place = numbers.subarray(offset, offset + column.length)
    place.set(column)
    offset += column.length
    return place
  }
  return all.map(({ steps, epochs }) => ({
    steps: Object.fromEntries(stepColumns.map((name) => [name, moved(steps[name])])) as StepColumns,
    epochs: {
      ...(Object.fromEntries(epochColumns.map((name) => [name, moved(epochs[name])])) as Omit<
        EpochColumns,
        'perClassIoU' | 'classes'
      >),
      perClassIoU: moved(epochs.perClassIoU),
      classes: epochs.classes,
    },
  }))
}
