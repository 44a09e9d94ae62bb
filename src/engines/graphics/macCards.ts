import type { GraphicsCard } from './graphicsCard.ts'
import { outputOf } from './outputOf.ts'

export async function macCards(): Promise<readonly GraphicsCard[]> {
  return displayCards(await outputOf('system_profiler', ['SPDisplaysDataType', '-json']))
}

/** Cards of Apple share the processor's memory: theirs is null. */
export function displayCards(json: string): readonly GraphicsCard[] {
  let found: unknown
  try {
    found = JSON.parse(json)
  } catch {
    return []
  }
  const { SPDisplaysDataType: cards } = Object(found) as { SPDisplaysDataType?: unknown }
  if (!Array.isArray(cards)) return []
  return cards.flatMap((each: unknown) => {
    const { sppci_model: name, spdisplays_vram: memory } = Object(each) as {
      sppci_model?: unknown
      spdisplays_vram?: unknown
    }
    if (typeof name !== 'string') return []
    const isNvidia = /nvidia/i.test(name)
    return [{ name, isNvidia, memoryBytes: typeof memory === 'string' ? bytesOf(memory) : null }]
  })
}

/** `8 GB`, `512 MB` */
function bytesOf(text: string): number | null {
  const match = /^(\d+) (MB|GB)$/.exec(text)
  return match === null ? null : Number(match[1]) * (match[2] === 'GB' ? 2 ** 30 : 2 ** 20)
}
