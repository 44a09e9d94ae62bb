// The "slow but accurate" integer DCT of the Independent JPEG Group (jfdctint.c, jidctint.c; Loeffler, Ligtenberg &
// Moschytz 1989), which libjpeg-turbo's vector code repeats bit by bit. Constants are in 13-bit fixed point.

const c0298 = 2446
const c0390 = 3196
const c0541 = 4433
const c0765 = 6270
const c0899 = 7373
const c1175 = 9633
const c1501 = 12299
const c1847 = 15137
const c1961 = 16069
const c2053 = 16819
const c2562 = 20995
const c3072 = 25172

/** In place, eight values from `start` on, `step` apart: rows first, then columns; leaves 8 times the DCT. */
function forwardLine(block: Int32Array, start: number, step: number, isRow: boolean): void {
  const [i1, i2, i3, i4] = [start + step, start + 2 * step, start + 3 * step, start + 4 * step]
  const [i5, i6, i7] = [start + 5 * step, start + 6 * step, start + 7 * step]
  const s07 = block[start] + block[i7]
  const s16 = block[i1] + block[i6]
  const s25 = block[i2] + block[i5]
  const s34 = block[i3] + block[i4]
  const d07 = block[start] - block[i7]
  const d16 = block[i1] - block[i6]
  const d25 = block[i2] - block[i5]
  const d34 = block[i3] - block[i4]
  const shift = isRow ? 11 : 15
  const half = 1 << (shift - 1)

  const e0 = s07 + s34
  const e1 = s16 + s25
  block[start] = isRow ? (e0 + e1) << 2 : (e0 + e1 + 2) >> 2
  block[i4] = isRow ? (e0 - e1) << 2 : (e0 - e1 + 2) >> 2
  const e3 = s07 - s34
  const e2 = s16 - s25
  const turned = (e2 + e3) * c0541 + half
  block[i2] = (turned + e3 * c0765) >> shift
  block[i6] = (turned - e2 * c1847) >> shift

  const z5 = (d34 + d16 + d25 + d07) * c1175 + half
  const z1 = -(d34 + d07) * c0899
  const z2 = -(d25 + d16) * c2562
  const z3 = z5 - (d34 + d16) * c1961
  const z4 = z5 - (d25 + d07) * c0390
  block[i7] = (d34 * c0298 + z1 + z3) >> shift
  block[i5] = (d25 * c2053 + z2 + z4) >> shift
  block[i3] = (d16 * c3072 + z2 + z3) >> shift
  block[i1] = (d07 * c1501 + z1 + z4) >> shift
}

/** 8×8 samples around 0 → 8 times their DCT, in place. */
export function forwardDct(block: Int32Array): void {
  for (let row = 0; row < 64; row += 8) forwardLine(block, row, 1, true)
  for (let column = 0; column < 8; column++) forwardLine(block, column, 8, false)
}

function inverseLine(block: Int32Array, start: number, step: number, shift: number): void {
  const [i1, i2, i3, i4] = [start + step, start + 2 * step, start + 3 * step, start + 4 * step]
  const [i5, i6, i7] = [start + 5 * step, start + 6 * step, start + 7 * step]
  const half = 1 << (shift - 1)
  const turned = (block[i2] + block[i6]) * c0541
  const t2 = turned - block[i6] * c1847
  const t3 = turned + block[i2] * c0765
  const t0 = ((block[start] + block[i4]) << 13) + half
  const t1 = ((block[start] - block[i4]) << 13) + half
  const e0 = t0 + t3
  const e3 = t0 - t3
  const e1 = t1 + t2
  const e2 = t1 - t2

  const [o0, o1, o2, o3] = [block[i7], block[i5], block[i3], block[i1]]
  const z5 = (o0 + o2 + o1 + o3) * c1175
  const z1 = -(o0 + o3) * c0899
  const z2 = -(o1 + o2) * c2562
  const z3 = z5 - (o0 + o2) * c1961
  const z4 = z5 - (o1 + o3) * c0390
  const q0 = o0 * c0298 + z1 + z3
  const q1 = o1 * c2053 + z2 + z4
  const q2 = o2 * c3072 + z2 + z3
  const q3 = o3 * c1501 + z1 + z4
  block[start] = (e0 + q3) >> shift
  block[i7] = (e0 - q3) >> shift
  block[i1] = (e1 + q2) >> shift
  block[i6] = (e1 - q2) >> shift
  block[i2] = (e2 + q1) >> shift
  block[i5] = (e2 - q1) >> shift
  block[i3] = (e3 + q0) >> shift
  block[i4] = (e3 - q0) >> shift
}

/** DCT coefficients → 8×8 samples around 0, in place. */
export function inverseDct(block: Int32Array): void {
  for (let column = 0; column < 8; column++) inverseLine(block, column, 8, 11)
  for (let row = 0; row < 64; row += 8) inverseLine(block, row, 1, 18)
}
