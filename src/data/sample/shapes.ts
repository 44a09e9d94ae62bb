import type { Rgb } from '../../augment/normalize.ts'
import type { RandomStream } from '../../core/random.ts'
import { classColors } from '../classColors.ts'

/** A kind of object: class, form and texture. Positions are in units of its radius, −1 … 1 from its centre. */
export interface Shape {
  readonly name: string
  /** Colour of the class in masks and pictures, `#rrggbb`. */
  readonly color: string
  /** Share of the pictures that hold one. */
  readonly share: number
  readonly holds: (x: number, y: number) => boolean
  /** Brightness of the surface, −1 … 1, in pixels from its centre: what tells classes apart where colours do not. */
  readonly texture: (xPixels: number, yPixels: number) => number
}

/** From common to rare; class index = position + 1. */
export const shapes: readonly Shape[] = [
  {
    name: 'disc',
    color: '#e69f00',
    share: 0.9,
    holds: (x, y) => x * x + y * y <= 1,
    texture: (x, y) => (Math.hypot(((x % 8) + 8) % 8 - 4, ((y % 8) + 8) % 8 - 4) < 2.2 ? 1 : -0.4), // prettier-ignore
  },
  {
    name: 'square',
    color: '#56b4e9',
    share: 0.7,
    holds: (x, y) => Math.abs(x) <= 0.85 && Math.abs(y) <= 0.85,
    texture: (x, y) => (((Math.floor((x + y) / 4) % 2) + 2) % 2 === 0 ? 0.8 : -0.8),
  },
  {
    name: 'triangle',
    color: '#009e73',
    share: 0.5,
    holds: (x, y) => y <= 0.8 && y >= 2 * Math.abs(x) - 1,
    texture: (x, y) => ((Math.floor(x / 5) + Math.floor(y / 5)) % 2 === 0 ? 0.8 : -0.8),
  },
  {
    name: 'ring',
    color: '#cc79a7',
    share: 0.25,
    holds: (x, y) => x * x + y * y <= 1 && x * x + y * y >= 0.16,
    texture: (_x, y) => (((Math.floor(y / 3) % 2) + 2) % 2 === 0 ? 0.9 : -0.9),
  },
]

/** Where an object lies and how it looks; turned by `angle` radians. */
interface Placement {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly angle: number
}

/** A place that keeps its distance from the others, or undefined when the picture is full. */
export function place(others: readonly Placement[], size: number, random: RandomStream): Placement | undefined {
  for (let attempt = 0; attempt < 40; attempt++) {
    const radius = size * (0.12 + 0.1 * random.next())
    const x = radius + random.next() * (size - 2 * radius)
    const y = radius + random.next() * (size - 2 * radius)
    const angle = (random.next() - 0.5) * 0.8
    const isFree = others.every((other) => Math.hypot(other.x - x, other.y - y) > other.radius + radius)
    if (isFree) return { x, y, radius, angle }
  }
  return undefined
}

/** Leans towards the class's own colour, but far enough from it that colour alone does not tell the classes. */
export function drawColor(shape: Shape, random: RandomStream): Rgb {
  const [own] = classColors([shape.color])
  const mixed = (c: 0 | 1 | 2): number => 0.4 * own[c] + 0.6 * (50 + random.integer(180))
  return [mixed(0), mixed(1), mixed(2)]
}

export function paintShape(
  image: Float64Array,
  mask: Uint8Array,
  size: number,
  shape: Shape,
  color: Rgb,
  { x, y, radius, angle }: Placement,
): void {
  const label = shapes.indexOf(shape) + 1
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const start = (centre: number): number => Math.max(0, Math.floor(centre - 1.5 * radius))
  const end = (centre: number): number => Math.min(size - 1, Math.ceil(centre + 1.5 * radius))
  for (let row = start(y); row <= end(y); row++) {
    for (let column = start(x); column <= end(x); column++) {
      const across = (column - x) * cos + (row - y) * sin
      const down = (row - y) * cos - (column - x) * sin
      if (!shape.holds(across / radius, down / radius)) continue
      const pixel = row * size + column
      const relief = 45 * shape.texture(Math.floor(across), Math.floor(down))
      mask[pixel] = label
      for (let c = 0; c < 3; c++) image[pixel * 3 + c] = color[c] + relief
    }
  }
}
