import { existsSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env['FOLDWISE_SWIFTSHADER'] ?? '/usr/lib/chromium'
const driver = join(folder, 'vk_swiftshader_icd.json')

/** Why there is no software Vulkan driver here, or undefined. */
export const missingDriver =
  process.platform !== 'linux'
    ? 'only tried on Linux'
    : [driver, join(folder, 'libvulkan.so.1')].every((file) => existsSync(file))
      ? undefined
      : `no SwiftShader in ${folder}: it comes with Debian's package chromium, or name its folder in FOLDWISE_SWIFTSHADER`

/** What a process must find in its environment when it starts. */
export const driverEnvironment = { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: folder }
