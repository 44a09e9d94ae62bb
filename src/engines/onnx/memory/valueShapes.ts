import { size, type HalfType } from '../../../graph/tensor.ts'
import type { Attributes, Emitter, OnnxNode, OnnxType } from '../emitter.ts'
import { dataTypes } from '../onnxFile.ts'

type Dims = readonly number[]
type ValueType = OnnxType | HalfType | 'bool'

const elementBytes: Readonly<Record<ValueType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  bool: 1,
}

export interface ValueShape {
  readonly dims: Dims
  readonly type: ValueType
  readonly bytes: number
}

/** Infers shape and type of every value of a graph: extents are static in every program of ours. */
export function valueShapes({ nodes, inputs, constants }: Emitter): ReadonlyMap<string, ValueShape> {
  const shapes = new Map<string, ValueShape>()
  const add = (name: string, type: ValueType, dims: Dims): void => {
    shapes.set(name, { dims, type, bytes: size(dims) * elementBytes[type] })
  }
  for (const { name, type, dims } of [...inputs, ...constants]) add(name, type, dims)
  const smallConstants = constants.filter(({ data }) => data.length <= 64)
  const whole = new Map(
    smallConstants.map(({ name, data }) => [name, Array.from<number | bigint, number>(data, Number)]),
  )
  for (const node of nodes) {
    const given = node.inputs.map((input) => shapes.get(input))
    const made = outputDims(
      node,
      given.map((shape) => shape?.dims ?? []),
      (index) => whole.get(node.inputs[index] ?? ''),
    )
    node.outputs.forEach((output, index) => {
      add(
        output,
        outputType(
          node,
          index,
          given.map((shape) => shape?.type ?? 'float32'),
        ),
        // Mean and deviation of each row.
        node.type === 'LayerNormalization' && index > 0 ? [...made.slice(0, -1), 1] : made,
      )
    })
  }
  return shapes
}

const castTypes = ['float32', 'int32', 'float16', 'bfloat16'] as const

function outputType({ type, attributes }: OnnxNode, index: number, inputs: readonly ValueType[]): ValueType {
  switch (type) {
    case 'Cast':
      return castTypes.find((each) => dataTypes[each] === attributes['to']) ?? 'float32'
    case 'ArgMax':
      return 'int64'
    case 'MaxPool':
    case 'TopK':
      return index === 1 ? 'int64' : inputs[0]
    case 'Equal':
    case 'Greater':
      return 'bool'
    case 'Where':
      return inputs[1]
    case 'ConstantOfShape':
      return 'float32'
    default:
      return inputs[0]
  }
}

/** The numbers of a constant input. */
type Constant = (index: number) => readonly number[] | undefined
type Infer = (inputs: readonly Dims[], attributes: Attributes, constant: Constant) => Dims

function outputDims({ type, attributes, outputs }: OnnxNode, inputs: readonly Dims[], constant: Constant): Dims {
  if (type === 'Split') return split(inputs[0], Number(attributes['axis']), outputs.length)
  // What is not in the table works element by element.
  return (rules.get(type) ?? broadcast)(inputs, attributes, constant)
}

function broadcast(inputs: readonly Dims[]): Dims {
  const rank = Math.max(...inputs.map(({ length }) => length))
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(...inputs.map((each) => each[axis - rank + each.length] ?? 1)),
  )
}

function split(whole: Dims, axis: number, parts: number): Dims {
  return whole.map((extent, each) => (each === axis ? extent / parts : extent))
}

function numbers(attribute: Attributes[string], fallback: readonly number[]): readonly number[] {
  return Array.isArray(attribute) ? (attribute as readonly number[]) : fallback
}

/** Rows and columns of what slides a window over an image. */
function windows([N, , ...extents]: Dims, channels: number, kernel: Dims, attributes: Attributes): Dims {
  const [strides, dilations] = [numbers(attributes['strides'], [1, 1]), numbers(attributes['dilations'], [1, 1])]
  const pads = numbers(attributes['pads'], [0, 0, 0, 0])
  const slides = extents.map((extent, axis) => {
    const reach = dilations[axis] * (kernel[axis] - 1) + 1
    return Math.floor((extent + pads[axis] + pads[axis + 2] - reach) / strides[axis]) + 1
  })
  return [N, channels, ...slides]
}

const pool: Infer = ([x], attributes) => windows(x, x[1], numbers(attributes['kernel_shape'], [1, 1]), attributes)

const reduction: Infer = ([x], attributes, constant) => {
  const given =
    constant(1) ?? (typeof attributes['axis'] === 'number' ? [attributes['axis']] : x.map((_, axis) => axis))
  const axes = given.map((axis) => (axis < 0 ? axis + x.length : axis))
  if (attributes['keepdims'] === 0) return x.filter((_, axis) => !axes.includes(axis))
  return x.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
}

const matMul: Infer = ([a, b], { transA, transB }) => {
  const turned = (shape: Dims, isTurned: boolean): Dims =>
    isTurned ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape
  const [left, right] = [turned(a, transA === 1), turned(b, transB === 1)]
  return [...broadcast([left.slice(0, -2), right.slice(0, -2)]), left.at(-2)!, right.at(-1)!]
}

const first: Infer = ([x]) => x

const rules: ReadonlyMap<string, Infer> = new Map<string, Infer>([
  ['Reshape', ([x], _, constant) => reshaped(x, constant(1)!)],
  ['Transpose', ([x], { perm }) => numbers(perm, []).map((axis) => x[axis])],
  ['Pad', ([x], _, constant) => x.map((extent, axis) => extent + constant(1)![axis] + constant(1)![axis + x.length])],
  ['Slice', ([x], _, constant) => sliced(x, constant)],
  ['Concat', (parts, { axis }) => joined(parts, Number(axis))],
  ['Gather', ([x, indices], { axis = 0 }) => [...x.slice(0, Number(axis)), ...indices, ...x.slice(Number(axis) + 1)]],
  ['Expand', ([x], _, constant) => broadcast([x, constant(1)!])],
  ['ConstantOfShape', (_inputs, _attributes, constant) => constant(0)!],
  ['ReduceSum', reduction],
  ['ReduceMean', reduction],
  ['ReduceMax', reduction],
  ['ReduceMin', reduction],
  ['ArgMax', reduction],
  ['MatMul', matMul],
  ['FusedMatMul', matMul],
  ['Gemm', matMul],
  ['Conv', ([x, weight], attributes) => windows(x, weight[0], weight.slice(2), attributes)],
  ['MaxPool', pool],
  ['AveragePool', pool],
  ['GlobalAveragePool', ([x]) => [x[0], x[1], 1, 1]],
  ['Upsample', ([x], { scales }) => x.map((extent, axis) => extent * numbers(scales, [])[axis])],
  ['Resize', ([x], _, constant) => x.map((extent, axis) => extent * constant(2)![axis])],
  ['ReorderOutput', ([x], { channels }) => [x[0], Number(channels), ...x.slice(2)]],
  ['BatchNormalization', first],
  ['LayerNormalization', first],
  ['ScatterElements', first],
])

function reshaped(x: Dims, wanted: Dims): Dims {
  const known = wanted.reduce((product, extent) => (extent === -1 ? product : product * extent), 1)
  return wanted.map((extent) => (extent === -1 ? size(x) / known : extent))
}

function joined(parts: readonly Dims[], axis: number): Dims {
  const sum = parts.reduce((total, part) => total + part.at(axis)!, 0)
  const place = axis < 0 ? axis + parts[0].length : axis
  return parts[0].map((extent, each) => (each === place ? sum : extent))
}

function sliced(x: Dims, constant: Constant): Dims {
  const [starts, ends] = [constant(1)!, constant(2)!]
  const axes = constant(3) ?? x.map((_, axis) => axis)
  return x.map((extent, each) => {
    const place = axes.indexOf(each)
    if (place === -1) return extent
    const step = constant(4)?.[place] ?? 1
    if (step < 0) return extent
    const bound = (value: number): number => Math.min(Math.max(value < 0 ? value + extent : value, 0), extent)
    return Math.ceil((bound(ends[place]) - bound(starts[place])) / step)
  })
}
