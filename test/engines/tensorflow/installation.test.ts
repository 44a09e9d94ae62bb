import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import type { Candidate, SelfTestMemory } from '../../../src/engines/engineDefinition.ts'
import { tensorflow } from '../../../src/engines/tensorflow/tensorflow.ts'

const memory: SelfTestMemory = { recall: () => undefined, remember: () => undefined }
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foldwise-tensorflow-'))
  vi.stubEnv('FOLDWISE_TENSORFLOW', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** A package of that name whose main file is this. */
function install(name: string, main: string): void {
  const place = join(folder, 'node_modules', '@tensorflow', name)
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), JSON.stringify({ version: '4.22.0', main: 'main.js' }))
  writeFileSync(join(place, 'main.js'), main)
}

const whole = (isUsingGpuDevice: boolean): string => `
  exports.tidy = (body) => body()
  exports.ones = () => null
  exports.matMul = () => ({ dataSync: () => [3] })
  exports.backend = () => ({ isUsingGpuDevice: ${isUsingGpuDevice} })`

async function candidates(choice: string): Promise<readonly Candidate[]> {
  return tensorflow.candidates({ choice, threads: 1, memory })
}

async function refusal(): Promise<UserError> {
  const [candidate] = await candidates('tensorflow')
  const error: unknown = await candidate.open().catch((reason: unknown) => reason)
  if (!(error instanceof UserError)) throw new Error('no word for a person', { cause: error })
  return error
}

describe('the TensorFlow that a person installed', () => {
  it('is not looked for by auto where none is named', async () => {
    vi.stubEnv('FOLDWISE_TENSORFLOW', '')
    expect(await candidates('auto')).toEqual([])
    expect(await candidates('tensorflow')).toHaveLength(1)
  })

  it('that is not there: says what to install, and where', async () => {
    expect(await candidates('auto')).toHaveLength(1)
    const { message, details } = await refusal()
    expect(message).toBe(`No TensorFlow.js for Node is installed in ${folder}.`)
    expect(details.allowed).toEqual(['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'])
    expect(details.hint).toContain(`npm install --prefix ${folder} @tensorflow/tfjs-node-gpu`)
  })

  it('whose binary does not load: says the first line of why, and what the GPU package needs', async () => {
    install('tfjs-node-gpu', `throw new Error('libtensorflow.so.2: cannot open shared object file\\nrebuild it')`)
    const { message, details } = await refusal()
    expect(message).toMatch(
      /^@tensorflow\/tfjs-node-gpu 4\.22\.0 does not load on this machine: libtensorflow\.so\.2: cannot open shared object file\. It needs Node\.js .*linux-x64 or win32-x64, an NVIDIA driver above 450, CUDA 11\.2 .* and cuDNN 8\.1/,
    )
    expect(message).not.toContain('rebuild')
    expect(details).toMatchObject({ code: 'engine-unavailable' })
  })

  it('says of the package for the processor nothing about CUDA', async () => {
    install('tfjs-node', `throw new Error('The Node.js native addon module can not be found')`)
    const { message } = await refusal()
    expect(message).toContain('linux-x64, win32-x64, darwin-x64 or darwin-arm64')
    expect(message).not.toContain('CUDA')
  })

  it('gives wrong numbers: does not load', async () => {
    install('tfjs-node', whole(false).replace('[3]', '[2]'))
    expect((await refusal()).message).toContain('a product of matrices gave 2 for 3')
  })

  it('for a graphics card, and finds none: says so instead of computing on the processor', async () => {
    install('tfjs-node-gpu', whole(false))
    const { message, details } = await refusal()
    expect(message).toContain('finds no graphics card. It needs Node.js')
    expect(message).toContain('CUDA 11.2 (libcudart.so.11.0) and cuDNN 8.1 (libcudnn.so.8)')
    expect(details.hint).toContain('@tensorflow/tfjs-node')
  })

  it('is a GPU or a processor, as its package says; the GPU package goes before', async () => {
    install('tfjs-node', whole(false))
    expect((await candidates('auto')).map(({ kind }) => kind)).toEqual(['cpu'])
    install('tfjs-node-gpu', whole(true))
    expect((await candidates('auto')).map(({ kind }) => kind)).toEqual(['gpu'])
  })
})
