/** Operator sets: standard ONNX, ONNX Runtime's own, and its blocked CPU kernels. */
export type Domain = '' | 'com.microsoft' | 'com.microsoft.nchwc'
export type OnnxType = 'float32' | 'int32' | 'int64' | 'uint8'

/** An integer is an int attribute, `{ float }` a float, an array ints, `{ floats }` floats. */
export type Attribute =
  number | string | readonly number[] | { readonly float: number } | { readonly floats: readonly number[] }
export type Attributes = Readonly<Record<string, Attribute | undefined>>

export interface OnnxNode {
  readonly type: string
  /** An empty name is an absent optional input. */
  inputs: readonly string[]
  outputs: readonly string[]
  readonly attributes: Attributes
  readonly domain: Domain
  readonly name: string
}
export interface OnnxConstant {
  readonly name: string
  readonly type: OnnxType
  readonly dims: readonly number[]
  readonly data: Float32Array | Int32Array | BigInt64Array
}
export interface OnnxValue {
  readonly name: string
  readonly type: OnnxType
  readonly dims: readonly number[]
}

/** What will run the graph: operators that a graphics card lacks, or computes with one thread, have another form there. */
export type Target = 'cpu' | 'gpu'

/** Collects the nodes and constants of one ONNX graph. Values are names. */
export class Emitter {
  readonly target: Target
  readonly nodes: OnnxNode[] = []
  readonly constants: OnnxConstant[] = []
  readonly inputs: OnnxValue[] = []
  readonly outputs: OnnxValue[] = []
  /** False where the runtime is to find out the dims of the outputs by itself. */
  knowsOutputDims = true
  /** Prefix of node names from now on: profiles group by it. */
  scope = ''
  private nextId = 0
  private readonly known = new Map<string, string>()
  private readonly renamed = new Map<string, string>()
  /** What a Reshape made, and of what. */
  private readonly reshaped = new Map<string, string>()

  constructor(target: Target = 'cpu') {
    this.target = target
  }

  op(type: string, inputs: readonly string[], attributes: Attributes = {}, domain: Domain = ''): string {
    return this.ops(type, 1, inputs, attributes, domain)[0]
  }

  /** A node with several outputs. */
  ops(
    type: string,
    count: number,
    inputs: readonly string[],
    attributes: Attributes = {},
    domain: Domain = '',
  ): readonly string[] {
    const id = this.nextId++
    const outputs = Array.from({ length: count }, (_, index) => `t${id}${index === 0 ? '' : `_${index}`}`)
    this.nodes.push({ type, inputs, outputs, attributes, domain, name: `${this.scope}#${type}${id}` })
    return outputs
  }

  /** The same small constant asked for twice is one constant. */
  private constant(type: OnnxType, dims: readonly number[], data: OnnxConstant['data']): string {
    const key = data.length <= 4096 ? `${type}[${dims.join()}]${data.join()}` : undefined
    const known = key === undefined ? undefined : this.known.get(key)
    if (known !== undefined) return known
    const name = `c${this.constants.length}`
    this.constants.push({ name, type, dims, data })
    if (key !== undefined) this.known.set(key, name)
    return name
  }

  floats(dims: readonly number[], values: ArrayLike<number>): string {
    return this.constant('float32', dims, Float32Array.from(values))
  }

  /** The same number everywhere. */
  filled(dims: readonly number[], value: number): string {
    return this.floats(dims, new Float32Array(dims.reduce((product, extent) => product * extent, 1)).fill(value))
  }

  float(value: number): string {
    return this.floats([1], [value])
  }

  int32s(dims: readonly number[], values: ArrayLike<number>): string {
    return this.constant('int32', dims, Int32Array.from(values))
  }

  /** A one-axis int64 constant: shapes, axes, pads, indices. */
  integers(values: readonly number[]): string {
    return this.constant('int64', [values.length], BigInt64Array.from(values, BigInt))
  }

  /** A Reshape of a Reshape is one: the runtime would fuse them into a node of its own, out of the order of the others. */
  reshape(x: string, dims: readonly number[]): string {
    const source = this.reshaped.get(x) ?? x
    const y = this.op('Reshape', [source, this.integers(dims)])
    this.reshaped.set(y, source)
    return y
  }

  transpose(x: string, permutation: readonly number[]): string {
    return this.op('Transpose', [x], { perm: permutation })
  }

  /** begin and end counts per axis; negative ones crop. */
  pad(x: string, before: readonly number[], after: readonly number[]): string {
    return [...before, ...after].every((count) => count === 0)
      ? x
      : this.op('Pad', [x, this.integers([...before, ...after])])
  }

  slice(
    x: string,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    steps?: readonly number[],
  ): string {
    const inputs = [x, this.integers(starts), this.integers(ends), this.integers(axes)]
    return this.op('Slice', steps ? [...inputs, this.integers(steps)] : inputs)
  }

  reduceSum(x: string, axes: readonly number[], keepDimensions = false): string {
    return this.op('ReduceSum', [x, this.integers(axes)], { keepdims: keepDimensions ? 1 : 0 })
  }

  add(a: string, b: string): string {
    return this.op('Add', [a, b])
  }

  subtract(a: string, b: string): string {
    return this.op('Sub', [a, b])
  }

  multiply(a: string, b: string): string {
    return this.op('Mul', [a, b])
  }

  divide(a: string, b: string): string {
    return this.op('Div', [a, b])
  }

  /** Drops what nothing that leaves the graph depends on: the runtime would run it all the same. */
  prune(): void {
    const wanted = new Set(this.outputs.map(({ name }) => name))
    const kept = this.nodes.toReversed().filter(({ inputs, outputs }) => {
      if (!outputs.some((output) => wanted.has(output))) return false
      inputs.forEach((input) => wanted.add(input))
      return true
    })
    this.nodes.splice(0, this.nodes.length, ...kept.toReversed())
  }

  input(name: string, type: OnnxType, dims: readonly number[]): string {
    this.inputs.push({ name, type, dims })
    return name
  }

  /**
   * Gives a value its name outside. The producing node is renamed (a copying Identity would cost a pass); a value that
   * is an input, a constant or an output already goes through Identity.
   */
  output(name: string, named: string, type: OnnxType, dims: readonly number[]): void {
    const value = this.renamed.get(named) ?? named
    const producer = this.nodes.findLast((node) => node.outputs.includes(value))
    const isResult = this.outputs.some((output) => output.name === value)
    if (producer === undefined || isResult) {
      this.nodes.push({
        type: 'Identity',
        inputs: [value],
        outputs: [name],
        attributes: {},
        domain: '',
        name: `#Identity/${name}`,
      })
    } else {
      const rename = (names: readonly string[]): readonly string[] =>
        names.map((each) => (each === value ? name : each))
      producer.outputs = rename(producer.outputs)
      for (const node of this.nodes) if (node.inputs.includes(value)) node.inputs = rename(node.inputs)
      this.renamed.set(value, name)
    }
    this.outputs.push({ name, type, dims })
  }
}
