import { describe, expect, it } from 'vitest'
import { signedDistances as distancesOf } from '../../src/core/signedDistances.ts'
import { initialState } from '../../src/model/initialize.ts'
import { buildNetwork } from '../../src/model/network.ts'
import { Predictor } from '../../src/train/validation.ts'
import { windowedRows, type BandSource } from '../../src/train/windowedRows.ts'
import { windowedScores } from '../../src/train/windowedScores.ts'
import { plainEngine } from './debugBench.ts'

const classes = 3
const model = {
  arch: 'Unet',
  encoder_name: 'resnet18',
  encoder_weights: null,
  encoder_depth: 3,
  in_channels: 3,
  decoder_channels: [8, 8, 8],
  decoder_interpolation: 'nearest',
  decoder_attention_type: null,
}
const settings = { overlap: 0.25, blend: 'gaussian', tta: 'none', tta_scales: [1] } as const

async function predictor(loss: readonly string[] = ['CrossEntropyLoss']): Promise<Predictor> {
  const network = new Predictor(await plainEngine(), {
    model,
    classes,
    loss: loss.map((name) => ({ name, weight: 1 })),
    probabilities: true,
  })
  network.use(initialState(buildNetwork(model, { mode: 'inference', batch: 1, height: 32, width: 32, classes }).declarations, 0)) // prettier-ignore
  return network
}

function imageOf(height: number, width: number) {
  const area = height * width
  return {
    image: Float32Array.from({ length: 3 * area }, (_, index) => Math.sin(index * 0.37) + Math.cos(index * 0.011)),
    target: Int32Array.from({ length: area }, (_, index) => (index % 11 === 0 ? 255 : (index >> 4) % classes)),
    height,
    width,
  }
}

describe('an image that is too large for the machine', () => {
  it('is refused before anything is computed, with the memory it needs and the way out', async () => {
    const network = new Predictor(await plainEngine(), { model, classes, probabilities: true }, 2 ** 20)
    const run = network.run({ ...imageOf(64, 320), count: 1 })
    await expect(run).rejects.toThrow(
      /needs about 0\.0 GiB for 64×320 pixels \(height × width\) at once; 0\.0 GiB are free/,
    )
    await expect(run).rejects.toMatchObject({ details: { code: 'out-of-memory', hint: /"window": \[512, 512\]/ } })
    await network.dispose()
  })
})

describe('sliding windows', () => {
  it('say of an image in one window what the network says of the whole image', async () => {
    const network = await predictor()
    const batch = imageOf(64, 48)
    const whole = await network.run({ ...batch, count: 1 })
    const [labels, loss, confusion] = [whole['labels'], whole['loss'], whole['confusion']].map((values) => [...values])
    const windowed = await windowedScores(batch, [64, 48], { ...settings, window: [64, 48] }, classes, network)
    expect([...windowed.labels]).toEqual(labels)
    expect(windowed.loss).toBeCloseTo(loss[0], 6)
    expect(Array.from(windowed.confusion)).toEqual(confusion)
    await network.dispose()
  })

  it('cut what losses ask of the labels along with them', async () => {
    const network = await predictor(['BoundaryLoss'])
    const { height, width, ...batch } = imageOf(32, 64)
    const signedDistances = new Float32Array(height * width * classes)
    distancesOf(batch.target, { height, width }, classes, signedDistances)
    const inputs = { signedDistances }
    const halves = await Promise.all(
      [0, 32].map(async (left) => {
        const target = new Int32Array(32 * 32)
        const cut = {
          image: new Float32Array(3 * 32 * 32),
          target,
          inputs: { signedDistances: new Float32Array(32 * 32 * classes) },
        }
        for (let y = 0; y < 32; y++) {
          const row = y * width + left
          for (let channel = 0; channel < 3; channel++)
            cut.image.set(batch.image.subarray(channel * height * width + row, channel * height * width + row + 32), (channel * 32 + y) * 32) // prettier-ignore
          target.set(batch.target.subarray(row, row + 32), y * 32)
          cut.inputs.signedDistances.set(
            signedDistances.subarray(row * classes, (row + 32) * classes),
            y * 32 * classes,
          )
        }
        const loss = (await network.run({ ...cut, count: 1, height: 32, width: 32 }))['loss'][0]
        return { loss, pixels: target.filter((label) => label !== 255).length }
      }),
    )
    const [first, second] = halves
    const mean = (first.loss * first.pixels + second.loss * second.pixels) / (first.pixels + second.pixels)
    const windowed = await windowedScores({ ...batch, inputs, height, width }, [32, 32], { overlap: 0, blend: 'constant', window: [32, 32], tta: 'none', tta_scales: [1] }, classes, network) // prettier-ignore
    expect(windowed.loss).toBeCloseTo(mean, 6)
    await network.dispose()
  })

  it('count every pixel once in the confusion, and see an image smaller than a window', async () => {
    const network = await predictor()
    for (const [height, width] of [
      [70, 90],
      [20, 100],
    ]) {
      const batch = imageOf(height, width)
      const { confusion, loss, labels } = await windowedScores(batch, [32, 48], { ...settings, window: [32, 48] }, classes, network) // prettier-ignore
      expect(Array.from(confusion).reduce((sum, cell) => sum + cell)).toBe(
        batch.target.filter((label) => label !== 255).length,
      )
      expect(loss).toBeGreaterThan(0)
      expect(labels).toHaveLength(height * width)
    }
    await network.dispose()
  })

  it('read an image in bands of one window, however high it is', async () => {
    const [height, width] = [1000, 40]
    const bands: (readonly [number, number])[] = []
    const source: BandSource = {
      height,
      width,
      band: (top, end) => {
        bands.push([top, end])
        return Promise.resolve(new Float32Array(3 * (end - top) * width).fill(top))
      },
    }
    let rows = 0
    let started = 0
    const predict = (): Promise<Float32Array> => {
      started++
      return Promise.resolve(new Float32Array(32 * 32 * classes).fill(1 / classes))
    }
    const windowsPerRow = 2
    for await (const row of windowedRows(source, [32, 32], settings, classes, predict)) {
      if (rows === 0) expect(started).toBe(windowsPerRow)
      expect(row).toHaveLength(width * classes)
      rows++
    }
    expect(rows).toBe(height)
    expect(Math.max(...bands.map(([top, end]) => end - top))).toBe(32)
    expect(bands.at(-1)).toEqual([968, 1000])
  })
})
