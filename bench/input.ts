import type { BenchKind, BenchSettings, Measure, Row } from './benchKind.ts'
import type { NamedArguments } from '../src/core/experiment.ts'
import { builtFile } from './builtProgram.ts'
import { runChild, runPython } from './childProcess.ts'
import { drawInputImages, height, width, type InputFormat, type InputImages } from './inputImages.ts'
import { versionsOf } from './machine.ts'

interface InputCase {
  readonly name: string
  readonly format: InputFormat
  readonly isResized: boolean
  readonly augment: (size: number) => readonly NamedArguments[]
}

const flips = ['HorizontalFlip', 'VerticalFlip', 'RandomRotate90'].map((name) => ({ name, p: 0.5 }))

const inputCases: readonly InputCase[] = [
  {
    name: 'JPEG, resized, flips',
    format: 'jpeg',
    isResized: true,
    augment: () => flips,
  },
  {
    name: 'PNG, random crop, flips, brightness',
    format: 'png',
    isResized: false,
    augment: (size) => [
      { name: 'RandomCrop', height: size, width: size, p: 1 },
      ...flips,
      { name: 'RandomBrightnessContrast', p: 0.5 },
    ],
  },
]

export const input: BenchKind = {
  name: 'input',
  title: 'Decoding and augmentation',
  text: `Pictures of ${width}×${height} pixels with masks as grey PNG, from files that the system has in memory to normalised batches, without a network. "decoded" is an epoch that decodes every picture, as our first one does; "kept" one whose decoded pictures the loader still has (up to 512 MiB), as our later ones do. The reference decodes with OpenCV, augments with Albumentations and batches with PyTorch's DataLoader in as many processes as ours has threads; it keeps nothing, so both tables stand against the same number. Training on a processor asks for 5 to 20 images a second.`,
  cases: (settings) => {
    let images: Promise<InputImages> | undefined
    const draw = (): Promise<InputImages> => (images ??= drawInputImages())
    return inputCases.map((inputCase) => ({
      name: inputCase.name,
      measure: async () => measureInput(inputCase, await draw(), settings),
    }))
  },
}

/** An epoch of a second without minutes of drawing: each picture several times. */
const repeated = 4

function measureInput({ format, isResized, augment }: InputCase, images: InputImages, settings: BenchSettings): Row {
  const { size, threads, python, rounds, batch = 8 } = settings
  const pairs = Array.from({ length: repeated }, () => images.pairs[format]).flat()
  const transforms = augment(size)
  const common = { pairs, batch, workers: threads }
  const ours = {
    ...common,
    size,
    augment: transforms,
    resize: isResized ? [size, size] : null,
    classes: images.classes,
    worker: builtFile('loaderWorker.js'),
  }
  const resize = isResized ? [{ name: 'Resize', height: size, width: size, p: 1 }] : []
  const reference = JSON.stringify({ ...common, augment: [...resize, ...transforms] })
  const hasReference = python !== undefined && 'albumentations' in versionsOf(python)
  const decoded: number[] = []
  const kept: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    decoded.push(rate(runChild('ourInput', { ...ours, isKept: false })))
    if (hasReference) theirs.push(rate(runPython(python, 'torchInput.py', { settings: reference })))
    kept.push(rate(runChild('ourInput', { ...ours, isKept: true })))
  }
  const measure = (name: string, values: readonly number[]): Measure => ({
    name,
    unit: 'images/s',
    ours: values,
    theirs: hasReference ? theirs : null,
  })
  return {
    measures: [measure('decoded', decoded), measure('kept', kept)],
    reference: hasReference ? 'OpenCV, Albumentations, DataLoader' : null,
    settings: `${width}×${height} to ${size}×${size}, batch ${batch}, ${threads} threads`,
  }
}

function rate({ imagesPerSecond }: Readonly<Record<string, unknown>>): number {
  return Number(Number(imagesPerSecond).toFixed(1))
}
