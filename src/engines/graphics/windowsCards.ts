import type { GraphicsCard } from './graphicsCard.ts'
import { outputOf } from './outputOf.ts'

/** Windows counts memory in 32 bits here: from this on the number only says "4 GB or more". */
const counterEnd = 0xfff00000

export async function windowsCards(): Promise<readonly GraphicsCard[]> {
  const query = 'Get-CimInstance Win32_VideoController | Select-Object Name,AdapterRAM | ConvertTo-Json -Compress'
  return videoControllers(await outputOf('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query]))
}

/** @param json one controller, or a list of them */
export function videoControllers(json: string): readonly GraphicsCard[] {
  let found: unknown
  try {
    found = JSON.parse(json)
  } catch {
    return []
  }
  return (Array.isArray(found) ? found : [found]).flatMap((each: unknown) => {
    const { Name: name, AdapterRAM: bytes } = Object(each) as { Name?: unknown; AdapterRAM?: unknown }
    if (typeof name !== 'string') return []
    const isKnown = typeof bytes === 'number' && bytes > 0 && bytes < counterEnd
    return [{ name, isNvidia: /nvidia/i.test(name), memoryBytes: isKnown ? bytes : null }]
  })
}
