import { describe, expect, it } from 'vitest'
import { add, multiply, total } from '../../src/graph/elementwise.ts'
import { differentiate } from '../../src/graph/gradients.ts'
import { checkpointActivations } from '../../src/graph/passes/checkpointActivations.ts'
import { fuseBatchNorm } from '../../src/graph/passes/fuseBatchNorm.ts'
import { fuseConvolutions } from '../../src/graph/passes/fuseConvolutions.ts'
import { fuseGradientSums } from '../../src/graph/passes/fuseGradientSums.ts'
import { isOperation, liveNodes, program, type Program } from '../../src/graph/program.ts'
import { constant } from '../../src/graph/sources.ts'
import { size, type Tensor } from '../../src/graph/tensor.ts'
import { arithmeticCases, forwardArithmeticCases } from './gradientCases/arithmetic.ts'
import { CaseBuilder, type GradientCase } from './gradientCases/caseBuilder.ts'
import { convolutionCases, fusedConvolutionForms } from './gradientCases/convolution.ts'
import { forwardHalfCases, halfCases } from './gradientCases/half.ts'
import { forwardMapCases, mapCases } from './gradientCases/maps.ts'
import { matrixCases } from './gradientCases/matrices.ts'
import { normalizationCases } from './gradientCases/normalization.ts'
import { kinkChecks } from './kinkChecks.ts'
import { evaluate } from './reference/evaluate.ts'
import { Random } from './random.ts'
import type { Results, Run } from './runLowered.ts'

/**
 * Every operation and fused form through one lowering or engine: values against a double-precision reference, gradients against
 * central differences of that reference, before and after the fusing passes.
 */
export function gradientChecks(title: string, run: Run): void {
  describe(`${title}: gradients`, () => {
    for (const each of [
      ...convolutionCases,
      ...normalizationCases,
      ...mapCases,
      ...arithmeticCases,
      ...matrixCases,
      ...halfCases,
    ])
      it(each.title, async () => {
        await checkGradients(each, run)
      })
  })
  describe(`${title}: values`, () => {
    for (const each of [...fusedConvolutionForms, ...forwardMapCases, ...forwardArithmeticCases, ...forwardHalfCases])
      it(each.title, async () => {
        const { forward, feeds } = prepare(each)
        compareValues(await run(forward, feedsOf(feeds)), forward, feeds)
      })
  })
  describe(`${title}: at the kinks`, () => {
    kinkChecks(run)
  })
}

interface Prepared {
  readonly forward: Program
  readonly feeds: ReadonlyMap<string, Float32Array | Int32Array>
  readonly differentiated: ReadonlySet<string>
}

export function prepare({ build }: GradientCase): Prepared {
  const make = new CaseBuilder()
  const outputs = new Map(build(make).map((output, index) => [`output${index}`, output] as const))
  return { forward: program(make.graph, { outputs }), feeds: make.feeds, differentiated: make.differentiated }
}

/** loss = Σ outputs · fixed random weights. */
export function withLoss({ graph, outputs }: Program): Program {
  const random = new Random(1)
  const parts = Array.from(outputs.values(), (output) => {
    const weights = random.values(size(output.shape), -1, 1)
    return total(multiply(output, constant(graph, weights, output.shape)))
  })
  return program(graph, { outputs: new Map([...outputs, ['loss', parts.reduce((sum, part) => add(sum, part))]]) })
}

async function checkGradients(each: GradientCase, run: Run): Promise<void> {
  const { forward: operation, feeds, differentiated } = prepare(each)
  const forward = withLoss(operation)
  const plain = withGradients(forward, differentiated)
  const fused = fuseGradientSums(withGradients(fuseConvolutions(fuseBatchNorm(forward)), differentiated))
  const names = [...differentiated, ...trainableNames(forward)]
  const expected = numericGradients(forward, feeds, names, each.rounding === undefined)
  for (const variant of [plain, fused, checkpointActivations(fused)]) {
    const results = await run(variant, feedsOf(feeds))
    compareValues(results, forward, feeds)
    compareGradients(results, expected, each.rounding)
  }
  if (each.fusedInto) expect(liveNodes(fused).map(({ operation }) => operation)).toContain(each.fusedInto)
}

function sourcesOf(source: Program): readonly Tensor[] {
  return liveNodes(source)
    .filter((node) => isOperation(node, 'parameter') || isOperation(node, 'input'))
    .map(({ outputs: [tensor] }) => tensor)
}

function nameOf({ node }: Tensor): string {
  if (isOperation(node, 'parameter') || isOperation(node, 'input')) return node.attributes.name
  throw new Error('no source')
}

function trainableNames(source: Program): readonly string[] {
  return sourcesOf(source)
    .filter(({ node }) => isOperation(node, 'parameter'))
    .map(nameOf)
}

/** The gradients of inputs as results, those of parameters as the flat vector. */
export function withGradients(forward: Program, differentiated: ReadonlySet<string>): Program {
  const sources = sourcesOf(forward)
  const parameters = sources.filter(({ node }) => isOperation(node, 'parameter'))
  const inputs = sources.filter((source) => differentiated.has(nameOf(source)))
  const slopes = differentiate(forward.outputs.get('loss')!, [...inputs, ...parameters])
  const ofInputs = inputs.map((source) => [`gradient:${nameOf(source)}`, whole(slopes.get(source)!, source)] as const)
  return program(forward.graph, {
    outputs: new Map([...forward.outputs, ...ofInputs]),
    gradients: parameters.map((parameter) => ({ parameter, gradient: slopes.get(parameter)! })),
  })
}

/** A gradient may have extents of 1 where it is the same along an axis. */
function whole(gradient: Tensor, { graph, shape }: Tensor): Tensor {
  if (size(gradient.shape) === size(shape)) return gradient
  return multiply(constant(graph, new Float32Array(size(shape)).fill(1), shape), gradient)
}

export function feedsOf(feeds: Prepared['feeds']): Parameters<Run>[1] {
  const floats = new Map(
    [...feeds].filter((entry): entry is [string, Float32Array] => entry[1] instanceof Float32Array),
  )
  return { parameters: floats, data: feeds, buffers: floats }
}

/** Float32 sums over a few hundred products, and a little for exp and log. */
const tolerance = 2e-5

function compareValues({ results }: Results, forward: Program, feeds: Prepared['feeds']): void {
  const expected = evaluate(forward, feeds)
  const terms = Array.from(forward.outputs.values(), ({ shape }) => size(shape)).reduce((sum, count) => sum + count, 0)
  forward.outputs.forEach((tensor, name) => {
    const values = expected.get(tensor)!
    // The terms of the loss cancel, their rounding does not.
    const floor = name === 'loss' ? Math.sqrt(terms) : 1
    expectClose(name, results.get(name)!, values, Math.max(...values.map(Math.abs), floor))
  })
}

/** Every element within `tolerance` of `scale`. */
function expectClose(name: string, actual: ArrayLike<number>, expected: ArrayLike<number>, scale: number): void {
  expect(actual.length, `elements of ${name}`).toBe(expected.length)
  let worst = 0
  for (let index = 0; index < expected.length; index++)
    if (!(Math.abs(actual[index] - expected[index]) <= Math.abs(actual[worst] - expected[worst]))) worst = index
  const difference = Math.abs(actual[worst] - expected[worst])
  const message = `${name}[${worst}]: ${actual[worst]} for ${expected[worst]}`
  expect(difference, message).toBeLessThanOrEqual(tolerance * scale)
}

/** What central differences say about one tensor's gradient: along a few axes, and along random directions. */
interface NumericGradient {
  readonly elements: ReadonlyMap<number, number>
  readonly directions: readonly { readonly signs: Float32Array; readonly slope: number }[]
}

/** Small enough that no kink is crossed, large enough for 1e-8 in double precision. */
const step = 1e-6

function numericGradients(
  forward: Program,
  feeds: Prepared['feeds'],
  names: readonly string[],
  rounds: boolean,
): ReadonlyMap<string, NumericGradient> {
  const random = new Random(7)
  const loss = forward.outputs.get('loss')!
  return new Map(
    names.map((name) => {
      const at = feeds.get(name)!
      const along = (direction: ArrayLike<number>): number => {
        const [high = 0, low = 0] = [step, -step].map((distance) => {
          const moved = Float64Array.from(at, (value, index) => value + distance * direction[index])
          return evaluate(forward, new Map<string, ArrayLike<number>>([...feeds, [name, moved]]), rounds).get(loss)![0]
        })
        return (high - low) / (2 * step)
      }
      const axis = (element: number): Float64Array => new Float64Array(at.length).fill(1, element, element + 1)
      const chosen = Array.from({ length: Math.min(8, at.length) }, () => Math.floor(random.next() * at.length))
      const directions = Array.from({ length: 3 }, () => random.values(at.length, -1, 1).map(Math.sign))
      return [
        name,
        {
          elements: new Map(chosen.map((element) => [element, along(axis(element))])),
          directions: directions.map((signs) => ({ signs, slope: along(signs) })),
        },
      ]
    }),
  )
}

function compareGradients(
  { results, gradients }: Results,
  expected: ReadonlyMap<string, NumericGradient>,
  rounding = 0,
): void {
  expected.forEach(({ elements, directions }, name) => {
    const values = gradients.get(name) ?? results.get(`gradient:${name}`)
    if (values === undefined) throw new Error(`no gradient of ${name}`)
    const found = Float64Array.from(values)
    const norm = Math.hypot(...found)
    const largest = Math.max(...found.map(Math.abs), 0.1)
    elements.forEach((slope, element) => {
      const difference = Math.abs(found[element] - slope)
      expect(difference, `∂/∂${name}[${element}]: ${found[element]} for ${slope}`).toBeLessThanOrEqual(
        (10 * tolerance + rounding) * largest,
      )
    })
    directions.forEach(({ signs, slope }, index) => {
      const projected = found.reduce((sum, value, element) => sum + value * signs[element], 0)
      const allowed = (20 * tolerance + 2 * rounding) * Math.max(norm, 0.1)
      expect(Math.abs(projected - slope), `${name}, direction ${index}: ${projected} for ${slope}`).toBeLessThanOrEqual(
        allowed,
      )
    })
  })
}
