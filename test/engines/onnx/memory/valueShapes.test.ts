import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lowerBlocked } from '../../../../src/engines/onnx/blocked/lowerBlocked.ts'
import { probeBlockSize } from '../../../../src/engines/onnx/blockSize.ts'
import type { Emitter } from '../../../../src/engines/onnx/emitter.ts'
import type { LoweredProgram } from '../../../../src/engines/onnx/lowering.ts'
import { executionOrder } from '../../../../src/engines/onnx/memory/executionOrder.ts'
import { programMemory } from '../../../../src/engines/onnx/memory/programMemory.ts'
import { valueShapes } from '../../../../src/engines/onnx/memory/valueShapes.ts'
import { writeOnnx } from '../../../../src/engines/onnx/onnxFile.ts'
import { lowerPlain } from '../../../../src/engines/onnx/plain/lowerPlain.ts'
import { probe } from '../../../../src/engines/probe.ts'
import { activation, multiply, total } from '../../../../src/graph/elementwise.ts'
import { layerNorm, matMul } from '../../../../src/graph/matrices.ts'
import { addGradients } from '../../../../src/graph/passes/addGradients.ts'
import { cumulateDescending, pixelRows } from '../../../../src/graph/pixels.ts'
import { program, type Program } from '../../../../src/graph/program.ts'
import { input, parameter } from '../../../../src/graph/sources.ts'
import { Graph, size } from '../../../../src/graph/tensor.ts'
import { attend, splitHeads } from '../../../../src/model/tokens.ts'

const block = await probeBlockSize()
const lowerings: Readonly<Record<string, (program: Program) => LoweredProgram>> = {
  plain: lowerPlain,
  ...(block > 1 && { blocked: (program: Program) => lowerBlocked(program, block) }),
}

for (const [name, lower] of Object.entries(lowerings))
  describe(`${name}: every value of a training step`, () => {
    it('has the shape and the width that the runtime gives it', async () => {
      expect(await checkedValues(lower(probe(2, 32).gradient).emitter)).toBeGreaterThan(300)
    })

    it('has them where pixels are sorted', async () => {
      const graph = new Graph()
      const sums = cumulateDescending(input(graph, 'keys', [3, 50]), input(graph, 'values', [3, 50]))
      expect(await checkedValues(lower(program(graph, { outputs: new Map([['sums', sums]]) })).emitter)).toBe(4)
    })

    it('has them where pixels are rows of a transformer', async () => {
      expect(await checkedValues(lower(attentionStep()).emitter)).toBeGreaterThan(40)
    })

    it('is computed in the order in which the runtime takes the operators, and as much memory as it takes', async () => {
      const lowered = lower(probe(2, 64).gradient)
      const { emitter } = lowered
      const folder = mkdtempSync(join(tmpdir(), 'foldwise-order-'))
      onTestFinished(() => {
        rmSync(folder, { recursive: true })
      })
      await runOnce(emitter, { enableProfiling: true, profileFilePrefix: join(folder, 'profile') })
      const events = eventsIn(join(folder, readdirSync(folder)[0]))
      const taken = events.map(({ name: event }) => event.replace(/_kernel_time$/, ''))
      const expected = executionOrder(emitter.nodes).map((node) => node.name)
      // The runtime fuses a few operators into its own.
      const common = new Set(expected.filter((node) => taken.includes(node)))
      expect(common.size).toBeGreaterThan(0.85 * expected.length)
      expect(taken.filter((node) => common.has(node))).toEqual(expected.filter((node) => common.has(node)))
      // The network is tiny: results, which lie in the arena here, and fused operators count more than in a real one.
      const used = Math.max(...events.map(({ args }) => Number(args.mem_bytes_requested_in_use)))
      expect(Math.abs(programMemory(lowered).activationBytes / used - 1)).toBeLessThan(0.2)
    })
  })

/** Normalized pixels that look at each other, and the gradient of a loss over them. */
function attentionStep(): Program {
  const graph = new Graph()
  const rows = pixelRows(input(graph, 'map', [2, 18, 3, 4]))
  const [gamma, beta, bias] = ['gamma', 'beta', 'bias'].map((name) => parameter(graph, name, [18]))
  const normalized = layerNorm(rows, gamma, beta, 1e-6)
  const projected = matMul(normalized, parameter(graph, 'weight', [18, 18]), { transposeB: true, bias })
  const tokens = splitHeads(activation('gelu', projected), 2, 3)
  const attended = attend(tokens, tokens, tokens, 2)
  return addGradients(program(graph, { outputs: new Map([['loss', total(multiply(attended, attended))]]) }))
}

/** Compares all values inside a graph with the runtime's; how many they are. */
async function checkedValues(emitter: Emitter): Promise<number> {
  const shapes = valueShapes(emitter)
  const known = new Set(emitter.outputs.map((output) => output.name))
  // A value that leaves the graph can be looked at.
  const inner = emitter.nodes.flatMap((node) => node.outputs).filter((value) => !known.has(value))
  for (const value of inner) {
    const { type, dims } = shapes.get(value)!
    if (type !== 'bool' && type !== 'float16' && type !== 'bfloat16') emitter.outputs.push({ name: value, type, dims })
  }
  const results = await runOnce(emitter)
  for (const { name: value, type, dims } of emitter.outputs)
    expect([value, results[value].type, results[value].dims]).toEqual([value, type, dims])
  return inner.length
}

async function runOnce(emitter: Emitter, options: ort.InferenceSession.SessionOptions = {}) {
  const common = { graphOptimizationLevel: 'basic', enableMemPattern: false, logSeverityLevel: 3 } as const
  const session = await ort.InferenceSession.create(writeOnnx(emitter), { ...common, ...options })
  const feeds = emitter.inputs.map(({ name, type, dims }) => {
    const data = type === 'int32' ? new Int32Array(size(dims)) : new Float32Array(size(dims)).fill(0.1)
    return [name, new ort.Tensor(type, data, dims)] as const
  })
  const results = await session.run(Object.fromEntries(feeds))
  if (options.enableProfiling === true) session.endProfiling()
  await session.release()
  return results
}

interface ProfileEvent {
  readonly cat: string
  readonly name: string
  readonly args: { readonly mem_bytes_requested_in_use: string }
}

/** The operators in a profile, in the order in which they ran. */
function eventsIn(file: string): readonly ProfileEvent[] {
  const events = JSON.parse(readFileSync(file, 'utf8')) as readonly ProfileEvent[]
  return events.filter(({ cat }) => cat === 'Node')
}
