// One process of `npm run bench -- predict large`: from an image file to a prediction file, with random weights.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultInference } from '../src/core/inferenceSettings.ts'
import { windowStarts } from '../src/core/slidingWindow.ts'
import { classColors } from '../src/data/classColors.ts'
import { openImageRows } from '../src/data/imageRows.ts'
import { indexedPng } from '../src/data/indexedPng.ts'
import { onnxEngine } from '../src/engines/onnx/onnxEngine.ts'
import { initialState } from '../src/model/initialize.ts'
import { buildNetwork } from '../src/model/network.ts'
import { writeFileAtomic } from '../src/runs/atomicFile.ts'
import { labelRows } from '../src/train/labelRows.ts'
import { Predictor } from '../src/train/validation.ts'
import { writeNoise } from './predictNoise.ts'
import { peakMemory } from '../src/train/memory/peakMemory.ts'
import { benchModel } from './benchModel.ts'

interface Arguments {
  readonly height: number
  readonly width: number
  readonly threads: number
}

const { height, width, threads } = JSON.parse(process.argv[2]) as Arguments
const [classes, window] = [12, 512]
const { overlap } = defaultInference
const folder = mkdtempSync(join(tmpdir(), 'foldwise-bench-'))
try {
  const [input, output] = [join(folder, 'image.png'), join(folder, 'prediction.png')]
  await writeNoise(input, { height, width })
  const atStart = process.memoryUsage.rss()
  const { engine } = await onnxEngine({ threads, lowering: 'auto' })
  const model = benchModel('Unet/mobilenet_v2')
  const predictor = new Predictor(engine, { model, classes, probabilities: true })
  predictor.use(initialState(buildNetwork(model, { mode: 'inference', batch: 1, height: 64, width: 64, classes }).declarations, 0)) // prettier-ignore
  const member = {
    predictor,
    classes,
    resize: null,
    inference: { ...defaultInference, window: [window, window] as [number, number] },
    normalization: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  } as const
  const began = performance.now()
  const image = await openImageRows(input)
  const colors = classColors(Array.from({ length: classes }, () => undefined))
  await writeFileAtomic(output, indexedPng(labelRows(image, [member]), image, colors))
  const seconds = (performance.now() - began) / 1000
  await predictor.dispose()
  const peak = peakMemory() / 2 ** 20
  console.log(
    JSON.stringify({
      megapixels: (height * width) / 1e6,
      windows: windowStarts(height, window, overlap).length * windowStarts(width, window, overlap).length,
      seconds: Math.round(seconds),
      start_mb: Math.round(atStart / 2 ** 20),
      peak_mb: Math.round(peak),
    }),
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
