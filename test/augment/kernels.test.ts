import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { kernelsWith, layOut } from '../../src/augment/kernels/kernels.ts'
import { kernelsSource } from '../../src/augment/kernels/kernels.wasm.ts'
import { resizeLinear } from '../../src/augment/resizeLinear.ts'
import { resizeTaps } from '../../src/augment/taps.ts'
import { borderIndex, borderModes } from '../../src/augment/warp/border.ts'
import { separableMap } from '../../src/augment/warp/sourceMap.ts'
import { warp } from '../../src/augment/warp/warp.ts'
import { stream } from '../../src/core/random.ts'

function noise(height: number, width: number): { image: Uint8Array; mask: Uint8Array; height: number; width: number } {
  const random = stream(2, height, width)
  const draw = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.integer(256))
  return { image: draw(height * width * 3), mask: draw(height * width), height, width }
}

it('the kernels are compiled from their source: after a change, node scripts/kernels.mjs', () => {
  const folder = 'src/augment/kernels'
  const names = readdirSync(folder).filter((name) => name.endsWith('.as.ts'))
  const sources = names.sort().map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
  expect(createHash('sha256').update(sources.join('')).digest('hex')).toBe(kernelsSource)
})

describe('warp', () => {
  const sample = noise(5, 7)
  const border = { color: [10, 20, 30], label: 99 } as const

  it.each(borderModes)('reads far outside as borderIndex says: %s', (mode) => {
    const columns = Array.from({ length: 60 }, (_, i) => i - 25)
    const rows = Array.from({ length: 41 }, (_, i) => i - 18)
    const size = { height: rows.length, width: columns.length }
    const output = warp(sample, {
      map: separableMap(columns, rows),
      size,
      interpolation: 'linear',
      border: { ...border, mode },
    })
    const wanted = rows.flatMap((y) =>
      columns.map((x) => {
        const [row, column] = [borderIndex(y, 5, mode), borderIndex(x, 7, mode)]
        return row < 0 || column < 0 ? 99 : sample.mask[row * 7 + column]
      }),
    )
    expect([...output.mask]).toEqual(wanted)
    const green = rows.flatMap((y) =>
      columns.map((x) => {
        const [row, column] = [borderIndex(y, 5, mode), borderIndex(x, 7, mode)]
        return row < 0 || column < 0 ? 20 : sample.image[(row * 7 + column) * 3 + 1]
      }),
    )
    expect(Array.from(output.mask, (_, i) => output.image[i * 3 + 1])).toEqual(green)
  })

  it('takes places that are no numbers for some pixel or the border', () => {
    const map = separableMap([Number.NaN, Infinity, -Infinity, 1e300], [Number.NaN, 2])
    const output = warp(sample, {
      map,
      size: { height: 2, width: 4 },
      interpolation: 'linear',
      border: { ...border, mode: 'constant' },
    })
    expect([...output.mask.subarray(5)]).toEqual([99, 99, 99])
  })

  it('blends with the colour of a constant border', () => {
    const white = { image: new Uint8Array(3).fill(200), mask: new Uint8Array(1), height: 1, width: 1 }
    const { image } = warp(white, {
      map: separableMap([-0.25, 0.5], [0]),
      size: { height: 1, width: 2 },
      interpolation: 'linear',
      border: { ...border, mode: 'constant' },
    })
    expect([...image]).toEqual([152.5, 155, 157.5, 105, 110, 115].map((value) => Math.floor(value + 0.5)))
  })
})

it.each([
  [1, 1, 3, 4],
  [6, 5, 1, 1],
  [17, 33, 40, 9],
  [31, 12, 31, 50],
])(
  'a bilinear resize of %d×%d to %d×%d is within a gray level of the exact form',
  (height, width, toHeight, toWidth) => {
    const { image } = noise(height, width)
    const output = resizeLinear(image, { height, width }, { height: toHeight, width: toWidth })
    const [rows, columns] = [resizeTaps(height, toHeight, 'linear'), resizeTaps(width, toWidth, 'linear')]
    for (let y = 0; y < toHeight; y++)
      for (let x = 0; x < toWidth; x++) {
        let exact = 0
        for (let j = 0; j < 2; j++)
          for (let i = 0; i < 2; i++)
            exact +=
              rows.weights[y * 2 + j] *
              columns.weights[x * 2 + i] *
              image[(rows.indices[y * 2 + j] * width + columns.indices[x * 2 + i]) * 3]
        expect(Math.abs(output[(y * toWidth + x) * 3] - exact)).toBeLessThan(1)
      }
  },
)

it('memory beyond what is kept is let go when less is needed again', () => {
  const large = kernelsWith(260 * 1024 * 1024).buffer.byteLength
  const small = kernelsWith(layOut(100).at(-1)!).buffer.byteLength
  expect(small).toBeLessThan(large)
})
