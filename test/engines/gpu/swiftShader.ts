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

const halfDriver = process.env['FOLDWISE_F16_DRIVER']

/** SwiftShader's shaders have no half precision; Mesa's lavapipe (from 25 on) computes it in software as well. */
export const missingHalfDriver =
  halfDriver !== undefined && existsSync(halfDriver)
    ? undefined
    : "FOLDWISE_F16_DRIVER names no Vulkan driver's JSON file whose shaders have half precision, as Mesa's lavapipe"

export const halfDriverEnvironment = { VK_ICD_FILENAMES: halfDriver ?? '' }
