// SHA-256 (FIPS 180-4), for split and data digests where no platform library may be imported.

/** The first 32 bits of the fractional part of a root, exact in integers: the constants are defined so. */
function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

function fractionBits(root: number): number {
  return Math.floor((root - Math.floor(root)) * 4294967296) >>> 0
}

const initialState = primes(8).map((prime) => fractionBits(Math.sqrt(prime)))
const roundConstants = primes(64).map((prime) => fractionBits(Math.cbrt(prime)))

function rotateRight(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

/** Message, a 1 bit, zeros and the length in bits: a multiple of 64 bytes. */
function padded(bytes: Uint8Array): DataView {
  const blocks = Math.ceil((bytes.length + 9) / 64)
  const message = new Uint8Array(blocks * 64)
  message.set(bytes)
  message[bytes.length] = 0x80
  const view = new DataView(message.buffer)
  view.setBigUint64(message.length - 8, BigInt(bytes.length) * 8n)
  return view
}

function schedule(message: DataView, start: number): Int32Array {
  const words = new Int32Array(64)
  for (let i = 0; i < 16; i++) words[i] = message.getInt32(start + 4 * i)
  for (let i = 16; i < 64; i++) {
    const w15 = words[i - 15]
    const w2 = words[i - 2]
    const s0 = rotateRight(w15, 7) ^ rotateRight(w15, 18) ^ (w15 >>> 3)
    const s1 = rotateRight(w2, 17) ^ rotateRight(w2, 19) ^ (w2 >>> 10)
    words[i] = words[i - 16] + s0 + words[i - 7] + s1
  }
  return words
}

function compress(state: Int32Array, words: Int32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundConstants[i] + words[i]) | 0
    const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] += word
}

/** Digest as 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  const message = padded(bytes)
  const state = Int32Array.from(initialState)
  for (let start = 0; start < message.byteLength; start += 64) compress(state, schedule(message, start))
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}
