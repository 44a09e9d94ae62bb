import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GraphicsCard } from './graphicsCard.ts'
import { outputOf } from './outputOf.ts'

/** PCI vendors of cards that compute; displays of virtual machines have others. */
const vendors = new Map([
  ['0x10de', 'NVIDIA'],
  ['0x1002', 'AMD'],
  ['0x8086', 'Intel'],
])

/** Cards of NVIDIA from its own tool, others from the kernel's list. */
export async function linuxCards(): Promise<readonly GraphicsCard[]> {
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']
  const nvidia = nvidiaCards(await outputOf('nvidia-smi', query))
  const listed = drmCards('/sys/class/drm')
  return [...nvidia, ...listed.filter(({ isNvidia }) => !isNvidia || nvidia.length === 0)]
}

/** Lines `NVIDIA GeForce RTX 3060, 12288`: name and mebibytes. */
export function nvidiaCards(lines: string): readonly GraphicsCard[] {
  return lines.split('\n').flatMap((line) => {
    const comma = line.lastIndexOf(',')
    if (comma < 0) return []
    const mebibytes = Number(line.slice(comma + 1))
    const memoryBytes = Number.isFinite(mebibytes) && mebibytes > 0 ? mebibytes * 2 ** 20 : null
    return [{ name: line.slice(0, comma).trim(), isNvidia: true, memoryBytes }]
  })
}

/** @param folder the kernel's `/sys/class/drm` */
export function drmCards(folder: string): readonly GraphicsCard[] {
  return entriesOf(folder)
    .filter((entry) => /^card\d+$/.test(entry))
    .flatMap((entry) => {
      const device = join(folder, entry, 'device')
      const vendor = vendors.get(textOf(join(device, 'vendor')))
      if (vendor === undefined) return []
      const product = textOf(join(device, 'product_name'))
      const memory = Number(textOf(join(device, 'mem_info_vram_total')))
      const name = product === '' ? `${vendor} graphics ${textOf(join(device, 'device'))}` : product
      return [{ name, isNvidia: vendor === 'NVIDIA', memoryBytes: memory > 0 ? memory : null }]
    })
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

/** Empty where there is no such file. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
