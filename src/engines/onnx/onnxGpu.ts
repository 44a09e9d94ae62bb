import { UserError } from '../../core/errors.ts'
import type { Precision } from '../../core/experiment.ts'
import type { Candidate, ChosenEngine, EngineDefinition, SelfTestMemory } from '../engineDefinition.ts'
import { isHardware, type GraphicsCard } from '../graphics/graphicsCard.ts'
import { graphicsCards } from '../graphics/graphicsCards.ts'
import { numberForm, withoutPrecision } from '../precision.ts'
import { comparedWithPlain } from './comparedWithPlain.ts'
import { hasCudaLibrary } from './cudaLibrary.ts'
import { gpuEngine } from './gpu/gpuEngine.ts'
import { runtimeVersion } from './onnxEngine.ts'
import type { GpuProvider } from './provider.ts'
import { knownProviders } from './session.ts'

const titles: Readonly<Record<GpuProvider, string>> = { webgpu: 'WebGPU', cuda: 'CUDA', dml: 'DirectML' }
const choices = ['cuda', 'dml', 'webgpu'] as const satisfies readonly GpuProvider[]

/** ONNX Runtime on a graphics card, by whatever its build for this platform offers. */
export const onnxGpu: EngineDefinition = {
  choices,
  candidates: async ({ choice, threads, memory, precision = 'fp32' }) => {
    const cards = await graphicsCards()
    const hardware = cards.filter(isHardware)
    const isAsked = choice !== 'auto'
    // A search on a machine without a card only makes drivers complain in the terminal.
    if (!isAsked && hardware.length === 0) return []
    const known = await knownProviders()
    const providers = isAsked
      ? choices.filter((name) => name === choice)
      : choices.filter((name) => known.includes(name))
    return providers
      .filter((provider) => provider !== 'cuda' || isAsked || hasCudaLibrary())
      .map((provider) => candidate(provider, hardware, { threads, memory, precision }))
  },
}

interface Opening {
  readonly threads: number
  readonly memory: SelfTestMemory
  readonly precision: Precision
}

function candidate(provider: GpuProvider, hardware: readonly GraphicsCard[], opening: Opening): Candidate {
  const cards = provider === 'cuda' ? hardware.filter(({ isNvidia }) => isNvidia) : hardware
  const device = `${nameOf(cards)} (${titles[provider]})`
  const memoryBytes = cards.length === 1 ? cards[0].memoryBytes : null
  return {
    kind: 'gpu',
    device,
    memoryBytes,
    isSoftware: cards.length === 0,
    refusal: opening.precision === 'bf16' ? withoutPrecision('bf16', device, noBfloat16) : undefined,
    open: async () => ({ ...(await open(provider, device, opening)), cardBytes: memoryBytes ?? undefined }),
  }
}

/** Operator set 20 of ONNX, the one that our models are written in: no provider can have it. */
const noBfloat16 = 'the Conv of ONNX, which every provider computes, takes no bfloat16.'

/** The runtime does not tell which of several it opened. */
function nameOf(cards: readonly GraphicsCard[]): string {
  if (cards.length === 0) return 'GPU that the system does not know, perhaps software'
  const names = cards.map(({ name }) => name)
  return names.length === 1 ? names[0] : `one of ${names.join(', ')}`
}

/** Tested once on a machine against the plain operators of the CPU. */
async function open(
  provider: GpuProvider,
  device: string,
  { threads, memory, precision }: Opening,
): Promise<ChosenEngine> {
  if (provider === 'cuda' && !hasCudaLibrary()) throw unavailable(provider, 'its provider is not installed')
  const engine = gpuEngine({ provider, device, threads })
  const key = `onnxruntime ${runtimeVersion} / ${provider} / ${device}`
  const { passed, detail } = await comparedWithPlain(engine, key, { threads, memory }).catch((error: unknown) => {
    throw unavailable(provider, error instanceof Error ? error.message : String(error), error)
  })
  if (!passed) throw unavailable(provider, `its self-test gave wrong numbers (${detail})`)
  const reason = `onnx/${provider}: self-test ${detail}`
  const { half } = numberForm(precision)
  if (half === undefined) return { engine, reason }
  // WebGPU's adapters may lack `shader-f16`; the runtime's binding does not tell, but its first half-precision operator does.
  const inHalf = await comparedWithPlain(engine, `${key} / ${half}`, { threads, memory }, half).catch(
    (error: unknown) => {
      throw withoutPrecision(
        precision,
        device,
        firstLine(error instanceof Error ? error.message : String(error)),
        error,
      )
    },
  )
  if (!inHalf.passed) throw withoutPrecision(precision, device, `its self-test gave wrong numbers (${inHalf.detail}).`)
  return { engine, reason: `${reason}; ${precision} ${inHalf.detail}` }
}

const hints: Readonly<Record<GpuProvider, string>> = {
  webgpu:
    'On Linux it needs a Vulkan driver of the card and libvulkan1, elsewhere a current driver; --device cpu always works.',
  cuda: 'It needs an NVIDIA driver, CUDA 12 with cuDNN 9, and the provider: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node (linux-x64). Or take --engine webgpu.',
  dml: 'It needs Windows and a card with DirectX 12. Or take --engine webgpu.',
}

function unavailable(provider: GpuProvider, why: string, cause?: unknown): UserError {
  return new UserError(`${titles[provider]} cannot be used on this machine: ${firstLine(why)}`, {
    hint: hints[provider],
    code: 'engine-unavailable',
    cause,
  })
}

/** Without the places in the runtime's sources that its messages begin with. */
function firstLine(message: string): string {
  return message.split('\n')[0].replace(/^\/onnxruntime_src\S+ .* was false\. /, '')
}
