import { UserError } from '../core/errors.ts'
import type { NamedTensor } from '../core/safetensors.ts'
import type { BatchNormFold } from '../graph/program.ts'
import { sameShape } from '../graph/tensor.ts'
import type { Declaration } from './networkParts.ts'

/** Every tensor of a network by key, as in segmentation_models_pytorch; counters are int64, all else float32. */
export type StateDict = ReadonlyMap<string, NamedTensor>

/** How the keys of heads begin that segmentation_models_pytorch does not have: those of deep supervision. */
export const auxiliaryPrefix = 'auxiliary.'

/** What prediction needs, under exactly the keys of segmentation_models_pytorch. */
export function withoutAuxiliary(state: StateDict): StateDict {
  return new Map([...state].filter(([key]) => !key.startsWith(auxiliaryPrefix)))
}

const shownKeys = 10

function listing(title: string, keys: readonly string[]): string {
  if (keys.length === 0) return ''
  const rest = keys.length > shownKeys ? `, and ${keys.length - shownKeys} more` : ''
  return `\n  ${title} (${keys.length}): ${keys.slice(0, shownKeys).join(', ')}${rest}`
}

/** What keeps a tensor from standing for a declaration, or undefined. */
function mismatch({ key, shape, kind }: Declaration, tensor: NamedTensor): string | undefined {
  if (!sameShape(tensor.shape, shape)) return `${key} [${tensor.shape.join(', ')}] instead of [${shape.join(', ')}]`
  const expected = kind === 'counter' ? BigInt64Array : Float32Array
  if (tensor.data instanceof expected) return undefined
  return `${key} as ${tensor.data.constructor.name} instead of ${expected.name}`
}

/**
 * @param file what the state was read from, as the user would name it
 * @throws UserError that lists what is missing, unexpected and of another shape or type
 */
export function checkStateDict(declarations: readonly Declaration[], state: StateDict, file: string): void {
  const declared = new Set(declarations.map(({ key }) => key))
  const missing = [...declared].filter((key) => !state.has(key))
  const unexpected = [...state.keys()].filter((key) => !declared.has(key))
  const mismatches = declarations.flatMap((declaration) => {
    const tensor = state.get(declaration.key)
    return (tensor && mismatch(declaration, tensor)) ?? []
  })
  if (missing.length + unexpected.length + mismatches.length === 0) return
  const lists = [
    listing('missing', missing),
    listing('unexpected', unexpected),
    listing('of another shape or type', mismatches),
  ]
  throw new UserError(`The weights do not fit the network.${lists.join('')}`, {
    file,
    hint: 'Give the file that belongs to this architecture, encoder, number of classes and in_channels, or change those.',
    code: 'weights-do-not-fit',
  })
}

function floats(state: StateDict, key: string): Float32Array {
  const tensor = state.get(key)
  if (!(tensor?.data instanceof Float32Array)) throw new Error(`${key} is not a float32 tensor of the state`)
  return tensor.data
}

/**
 * The state of an inference program whose BatchNorms became part of the convolutions before them: with the folded weights
 * in place of the trained ones and the new biases added. Computed in float64, rounded once.
 */
export function foldBatchNorm(state: StateDict, folds: readonly BatchNormFold[]): StateDict {
  const folded = new Map(state)
  for (const fold of folds) {
    const [gamma, beta, mean, variance] = [fold.gamma, fold.beta, fold.mean, fold.variance].map((key) =>
      floats(state, key),
    )
    const before = fold.convolutionBias === undefined ? undefined : floats(state, fold.convolutionBias)
    const scale = Float64Array.from(gamma, (value, channel) => value / Math.sqrt(variance[channel] + fold.epsilon))
    const bias = Float32Array.from(
      scale,
      (value, channel) => beta[channel] + ((before?.[channel] ?? 0) - mean[channel]) * value,
    )

    const weight = floats(state, fold.weight)
    const taps = weight.length / scale.length
    const scaled = new Float32Array(weight.length)
    for (let channel = 0, index = 0; channel < scale.length; channel++)
      for (const end = (channel + 1) * taps; index < end; index++) scaled[index] = weight[index] * scale[channel]
    folded.set(fold.weight, { shape: state.get(fold.weight)!.shape, data: scaled })
    folded.set(fold.bias, { shape: [bias.length], data: bias })
  }
  return folded
}
