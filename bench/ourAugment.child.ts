// One process of `npm run bench -- augment`: times every transform and prints one JSON line.
import { readFileSync } from 'node:fs'
import { applyPipeline, preparePipeline } from '../src/augment/pipeline.ts'
import type { Sample } from '../src/augment/sample.ts'
import { stream } from '../src/core/random.ts'
import type { AugmentCase } from './augmentCases.ts'

interface Side {
  readonly side: number
  readonly file: string
  readonly cases: readonly AugmentCase[]
}

const { sides } = JSON.parse(process.argv[2]) as { readonly sides: readonly Side[] }
/** As in bench/albumentationsTimes.py. */
const [leastImages, milliseconds] = [10, 150]

console.log(
  JSON.stringify(
    Object.fromEntries(
      sides.map(({ side, file, cases }) => {
        const bytes = new Uint8Array(readFileSync(file))
        const area = side * side
        const sample: Sample = {
          image: bytes.slice(0, area * 3),
          mask: bytes.slice(area * 3),
          height: side,
          width: side,
        }
        return [side, Object.fromEntries(cases.map(({ name, args }) => [name, timeOf(name, args, sample)]))]
      }),
    ),
  ),
)

function timeOf(name: string, args: AugmentCase['args'], sample: Sample): number {
  const pipeline = preparePipeline([{ name, ...args }])
  let index = 0
  const run = (images: number, least: number): number => {
    const began = performance.now()
    let count = 0
    while (count < images || performance.now() - began < least) {
      applyPipeline(sample, pipeline, stream(0, 'augment', 0, index++))
      count++
    }
    return (performance.now() - began) / count
  }
  run(leastImages, milliseconds)
  return run(leastImages, milliseconds)
}
