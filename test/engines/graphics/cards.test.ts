import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isHardware } from '../../../src/engines/graphics/graphicsCard.ts'
import { drmCards, nvidiaCards } from '../../../src/engines/graphics/linuxCards.ts'
import { displayCards } from '../../../src/engines/graphics/macCards.ts'
import { videoControllers } from '../../../src/engines/graphics/windowsCards.ts'

const gibibyte = 2 ** 30

describe('graphics cards', () => {
  it("come from NVIDIA's tool with their memory", () => {
    expect(nvidiaCards('NVIDIA GeForce RTX 3060, 12288\nNVIDIA GB10, [N/A]\n')).toEqual([
      { name: 'NVIDIA GeForce RTX 3060', isNvidia: true, memoryBytes: 12 * gibibyte },
      { name: 'NVIDIA GB10', isNvidia: true, memoryBytes: null },
    ])
    expect(nvidiaCards('')).toEqual([])
  })

  it("come from Linux's own list; displays of virtual machines do not count", () => {
    const folder = mkdtempSync(join(tmpdir(), 'foldwise-drm-'))
    onTestFinished(() => {
      rmSync(folder, { recursive: true })
    })
    const card = (entry: string, files: Readonly<Record<string, string>>): void => {
      mkdirSync(join(folder, entry, 'device'), { recursive: true })
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, entry, 'device', name), `${text}\n`)
    }
    card('card0', { vendor: '0x1002', device: '0x73bf', mem_info_vram_total: String(16 * gibibyte) })
    card('card1', { vendor: '0x8086', product_name: 'Intel Arc A770' })
    card('card2', { vendor: '0x1af4' })
    card('card0-HDMI-A-1', { vendor: '0x1002' })
    expect(drmCards(folder)).toEqual([
      { name: 'AMD graphics 0x73bf', isNvidia: false, memoryBytes: 16 * gibibyte },
      { name: 'Intel Arc A770', isNvidia: false, memoryBytes: null },
    ])
    expect(drmCards(join(folder, 'missing'))).toEqual([])
  })

  it("come from Windows' list; a memory that its 32 bits cannot hold is not known", () => {
    const two = [
      { Name: 'NVIDIA GeForce RTX 4090', AdapterRAM: 4293918720 },
      { Name: 'Intel(R) UHD Graphics', AdapterRAM: gibibyte },
    ]
    expect(videoControllers(JSON.stringify(two))).toEqual([
      { name: 'NVIDIA GeForce RTX 4090', isNvidia: true, memoryBytes: null },
      { name: 'Intel(R) UHD Graphics', isNvidia: false, memoryBytes: gibibyte },
    ])
    expect(videoControllers(JSON.stringify(two[1]))).toHaveLength(1)
    expect(videoControllers('')).toEqual([])
  })

  it("come from macOS' report; Apple's share the processor's memory", () => {
    const report = { SPDisplaysDataType: [{ sppci_model: 'Apple M2' }, { sppci_model: 'AMD Radeon Pro 5500M', spdisplays_vram: '8 GB' }] } // prettier-ignore
    expect(displayCards(JSON.stringify(report))).toEqual([
      { name: 'Apple M2', isNvidia: false, memoryBytes: null },
      { name: 'AMD Radeon Pro 5500M', isNvidia: false, memoryBytes: 8 * gibibyte },
    ])
    expect(displayCards('not JSON')).toEqual([])
  })

  it('made of software are told apart', () => {
    const named = (name: string) => isHardware({ name, isNvidia: false, memoryBytes: null })
    expect(['SwiftShader Device', 'llvmpipe (LLVM 15)', 'Microsoft Basic Render Driver'].map(named)).toEqual([false, false, false]) // prettier-ignore
    expect(named('Apple M2')).toBe(true)
  })
})
