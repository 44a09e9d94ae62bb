import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import type { NamedTensor } from '../../src/core/safetensors.ts'
import type { Engine, Tensors } from '../../src/engines/engine.ts'
import { onnxEngine } from '../../src/engines/onnx/onnxEngine.ts'
import { debugChecks } from '../../src/protocol/debugChecks.ts'
import { gradientsFinite } from '../../src/train/debugChecks/gradientsFinite.ts'
import { overfitsOneBatch } from '../../src/train/debugChecks/overfitsOneBatch.ts'
import { resumeRoundTrip } from '../../src/train/debugChecks/resumeRoundTrip.ts'
import { sameSeedSameBits } from '../../src/train/debugChecks/sameSeedSameBits.ts'
import { brokenEngine } from './brokenEngine.ts'
import { outcomeOf, plainEngine, side, small, workbench } from './debugBench.ts'

const engine = await plainEngine()

/** The tensors with one of them filled with a value. */
function withTensor(tensors: Tensors, key: string, value: number): Tensors {
  const { shape, data } = tensors.get(key)!
  const filled: NamedTensor = { shape, data: new Float32Array(data.length).fill(value) }
  return new Map([...tensors, [key, filled]])
}

function loadingWith(key: string, value: number): Engine {
  return brokenEngine(engine, (step) => ({
    load: (tensors) => {
      step.load(withTensor(tensors, key, value))
    },
  }))
}

const numbers = (length: number): unknown => expect.toSatisfy(
  (values: unknown) => Array.isArray(values) && values.length === length && values.every(Number.isFinite),
) // prettier-ignore

describe('the list of checks', () => {
  it('has no id and no title twice', () => {
    for (const key of ['id', 'title'] as const)
      expect(new Set(debugChecks.map((check) => check[key])).size).toBe(debugChecks.length)
  })
})

describe('one batch', () => {
  it('is learnt: the loss at least halves', async () => {
    const { verdict, values, picture } = await outcomeOf(overfitsOneBatch(await workbench(engine, { ...small, optimizer: { name: 'Adam', lr: 0.01 } }))) // prettier-ignore
    expect(verdict).toBe('pass')
    const losses = values['losses'] as readonly number[]
    expect(losses.at(-1)).toBeLessThan(losses[0] / 2)
    expect(picture).toBeUndefined()
  })

  it('that cannot be learnt is shown: image, mask, prediction and errors side by side', async () => {
    const bench = await workbench(engine, { ...small, optimizer: { name: 'Adam', lr: 1e-9 } })
    const { verdict, reason, values, picture } = await outcomeOf(overfitsOneBatch(bench))
    expect(verdict).toBe('fail')
    expect(reason).toContain('1e-9')
    expect(bench.plan.train.map(({ name }) => name)).toContain(values['image'])
    expect(decode(picture!)).toMatchObject({ height: side, width: 4 * side + 12 })
  })

  it('on which nothing moves but by rounding does not call for a lower learning rate', async () => {
    const bench = await workbench(engine, { ...small, optimizer: { name: 'Adam', lr: 1e-12 } })
    const { verdict, reason } = await outcomeOf(overfitsOneBatch(bench))
    expect(verdict).toBe('fail')
    expect(reason).not.toContain('tenth')
  })

  it('whose loss falls, but not by half, leaves it unclear and is shown as well', async () => {
    const bench = await workbench(engine, { ...small, optimizer: { name: 'SGD', lr: 0.002 } })
    const { verdict, picture } = await outcomeOf(overfitsOneBatch(bench))
    expect(verdict).toBe('unclear')
    expect(picture).toBeDefined()
  })

  it('on which the loss is soon not finite ends the check there', async () => {
    const bench = await workbench(engine, { ...small, optimizer: { name: 'SGD', lr: 1e30 } })
    const { verdict, values, steps } = await outcomeOf(overfitsOneBatch(bench))
    expect(verdict).toBe('fail')
    expect((values['losses'] as readonly unknown[]).at(-1)).toBeNull()
    expect(steps).toBeLessThan(10)
  })
})

describe('gradients', () => {
  it('of every parameter have a norm above zero in a sound network, also with stochastic depth', async () => {
    const encoder_name = 'efficientnet-b0'
    for (const conditions of [small, { ...small, model: { ...small.model, encoder_name } }]) {
      const { verdict, values, steps } = await outcomeOf(gradientsFinite(await workbench(engine, conditions)))
      expect(verdict).toBe('pass')
      expect((values['norms'] as readonly number[]).every((norm) => norm > 0)).toBe(true)
      expect(steps).toBe(1)
    }
  })

  it('that are zero only by chance, in a dead squeeze, pass', async () => {
    const model = { ...small.model, decoder_channels: [16, 16, 16], decoder_attention_type: 'scse' }
    const { verdict, values, steps } = await outcomeOf(gradientsFinite(await workbench(engine, { ...small, model })))
    expect(values['zero']).not.toBe('')
    expect(verdict).toBe('pass')
    expect(steps).toBeGreaterThan(1)
  })

  it('that are zero are named by their parameters', async () => {
    // A factor of zero lets no gradient through to the convolution before it.
    const bench = await workbench(loadingWith('encoder.layer1.0.bn1.weight', 0))
    const { verdict, reason, values } = await outcomeOf(gradientsFinite(bench))
    expect(verdict).toBe('fail')
    expect(reason).toContain('encoder.layer1.0.conv1.weight')
    expect(String(values['zero']).split(', ')).toContain('encoder.layer1.0.conv1.weight')
    expect(values['notFinite']).toBe('')
  })

  it('that are not finite are named, the one nearest to the loss first of all', async () => {
    const bench = await workbench(loadingWith('encoder.layer1.0.bn1.weight', Number.NaN))
    const { verdict, reason, values } = await outcomeOf(gradientsFinite(bench))
    expect(verdict).toBe('fail')
    expect(reason).toContain('nearest to the loss: segmentation_head.0.bias')
    expect(String(values['notFinite'])).toContain('encoder.conv1.weight')
    expect(values['loss']).toBeNull()
  })

  it('are zero altogether where the loss counts nothing', async () => {
    const loss = [{ name: 'CrossEntropyLoss', class_weights: [0, 0, 0, 0, 0] }]
    const { verdict, reason } = await outcomeOf(gradientsFinite(await workbench(engine, { ...small, loss })))
    expect(verdict).toBe('fail')
    expect(reason).toMatch(/^No parameter gets a gradient/)
  })
})

describe('a resumed training', () => {
  it.each(['Adam', 'SGD'])('with %s goes on to the last bit, with accumulation and stochastic depth', async (name) => {
    const model = { ...small.model, encoder_name: 'efficientnet-b0' }
    const optimizer = name === 'SGD' ? { name, lr: 0.01, momentum: 0.9 } : { name, lr: 0.001 }
    const data = { ...small.data, accumulate_grad_batches: 2 }
    const { verdict, reason, values } = await outcomeOf(resumeRoundTrip(await workbench(engine, { model, data, optimizer }))) // prettier-ignore
    expect(verdict).toBe('pass')
    expect(reason).toContain('to the last bit')
    expect(values['losses']).toEqual(numbers(6))
    expect(values['resumed']).toEqual(values['losses'])
  })

  it('that has lost the state of its optimizer fails, and the step that differs is named', async () => {
    const forgetful = brokenEngine(engine, (_, before) => (before === 0 ? {} : { loadSlots: () => undefined }))
    const { verdict, reason, values } = await outcomeOf(resumeRoundTrip(await workbench(forgetful)))
    expect(verdict).toBe('fail')
    // The first loss after the resume comes before any update.
    expect(reason).toMatch(/differs at step 2 after the resume: loss \d/)
    expect(values['step']).toBe(5)
    expect(values['resumed']).not.toEqual(values['losses'])
  })

  it('that has lost running statistics, which no loss shows, fails by their name', async () => {
    const forgetful = brokenEngine(engine, (step, before) => ({
      load: (tensors) => {
        step.load(before === 0 ? tensors : withTensor(tensors, 'encoder.bn1.running_mean', 0))
      },
    }))
    const { verdict, reason } = await outcomeOf(resumeRoundTrip(await workbench(forgetful)))
    expect(verdict).toBe('fail')
    expect(reason).toContain('the weights of encoder.bn1.running_mean')
  })

  it('is not judged where the loss is not finite', async () => {
    const bench = await workbench(engine, { ...small, optimizer: { name: 'SGD', lr: 1e30 } })
    expect(await outcomeOf(resumeRoundTrip(bench))).toMatchObject({ verdict: 'unclear' })
  })
})

describe('two trainings from the same seed', () => {
  it('agree to the last bit', async () => {
    const { verdict, values } = await outcomeOf(sameSeedSameBits(await workbench(engine)))
    expect(verdict).toBe('pass')
    expect(values['first']).toEqual(numbers(4))
    expect(values['second']).toEqual(values['first'])
  })

  it('agree also where the trainer comes from one that lost itself: nothing of it is left in its padding', async () => {
    const { engine: fastest } = await onnxEngine({ threads: 1, lowering: 'auto' })
    const bench = await workbench(fastest, { ...small, optimizer: { name: 'SGD', lr: 1e30 } })
    await outcomeOf(resumeRoundTrip(bench))
    const { values } = await outcomeOf(sameSeedSameBits(bench))
    expect((values['first'] as readonly unknown[])[0]).toBeTypeOf('number')
    expect(values['second']).toEqual(values['first'])
  })

  /** The second step that is compiled has another third loss, by a hair. */
  const unsteady = (determinism: Engine['determinism'], hair: number): Engine =>
    brokenEngine({ ...engine, determinism }, (step, before) => {
      let batches = 0
      return {
        computeGradient: async (data) => {
          const results = await step.computeGradient(data)
          if (before === 0 || ++batches !== 3) return results
          return { ...results, loss: Float32Array.of(results['loss'][0] * (1 + hair)) }
        },
      }
    })

  it('that differ by a hair fail, and the first step that differs is named', async () => {
    const { verdict, reason, values } = await outcomeOf(sameSeedSameBits(await workbench(unsteady('bitwise', 1e-6))))
    expect(verdict).toBe('fail')
    expect(reason).toContain('differ at step 3: loss')
    expect(values['step']).toBe(3)
  })

  it('may differ by rounding with an engine that promises no more, and that is said', async () => {
    const { verdict, reason } = await outcomeOf(sameSeedSameBits(await workbench(unsteady('numeric', 1e-6))))
    expect(verdict).toBe('pass')
    expect(reason).toContain('within 0.1 % (this engine does not promise equal bits)')
  })

  it('that differ by more than rounding fail with such an engine too', async () => {
    expect(await outcomeOf(sameSeedSameBits(await workbench(unsteady('numeric', 0.01))))).toMatchObject({ verdict: 'fail' }) // prettier-ignore
  })
})
