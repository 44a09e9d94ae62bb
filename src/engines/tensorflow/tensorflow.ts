import { UserError } from '../../core/errors.ts'
import type { Candidate, CandidateRequest, ChosenEngine, DeviceKind, EngineDefinition } from '../engineDefinition.ts'
import { isHardware, type GraphicsCard } from '../graphics/graphicsCard.ts'
import { graphicsCards } from '../graphics/graphicsCards.ts'
import { withoutPrecision } from '../precision.ts'
import { comparedWithPlain } from '../onnx/comparedWithPlain.ts'
import { cpuName } from '../onnx/onnxEngine.ts'
import { findInstallation, loadTensorFlow, namedFolder, type Installation } from './installation.ts'
import { packages } from './requirements.ts'
import { tensorflowEngine } from './tensorflowEngine.ts'

/** TensorFlow's kernels, where the user has installed a TensorFlow.js for Node: in the folder that he names, or beside this program. */
export const tensorflow: EngineDefinition = {
  choices: ['tensorflow'],
  candidates: async (request) => {
    const { precision = 'fp32' } = request
    const refusal =
      precision === 'fp32' ? undefined : withoutPrecision(precision, 'TensorFlow.js', 'it has no type of 16 bits.')
    const folder = namedFolder()
    const installation = findInstallation(folder)
    // Who names a folder, or asks for the engine, wants to know why it is not there.
    if (installation === undefined && folder === undefined && request.choice === 'auto') return []
    if (installation === undefined)
      return [candidate('cpu', 'TensorFlow (not installed)', null, refusal, () => refuse(folder))]
    const isOnGpu = installation.name === '@tensorflow/tfjs-node-gpu'
    const cards = isOnGpu ? (await graphicsCards()).filter((card) => isHardware(card) && card.isNvidia) : []
    const [name, memoryBytes] = isOnGpu ? nameAndMemory(cards.at(0)) : [cpuName(), null]
    const device = `${name} (TensorFlow)`
    return [candidate(isOnGpu ? 'gpu' : 'cpu', device, memoryBytes, refusal, () => open(installation, device, request))]
  },
}

function candidate(
  kind: DeviceKind,
  device: string,
  memoryBytes: number | null,
  refusal: UserError | undefined,
  open: () => Promise<ChosenEngine>,
): Candidate {
  return { kind, device, memoryBytes, isSoftware: false, refusal, open }
}

/** TensorFlow computes on the first card of several. */
function nameAndMemory(card: GraphicsCard | undefined): readonly [name: string, memoryBytes: number | null] {
  return card === undefined ? ['GPU that the system does not know', null] : [card.name, card.memoryBytes]
}

/** Tested once on a machine against the plain operators of ONNX Runtime. */
async function open(installation: Installation, device: string, request: CandidateRequest): Promise<ChosenEngine> {
  const { name, version } = installation
  const { threads } = request
  const engine = tensorflowEngine(loadTensorFlow(installation, threads), {
    device,
    threads,
    versions: { [name]: version },
  })
  const { passed, detail } = await comparedWithPlain(engine, `${name} ${version} / ${device}`, request)
  if (!passed)
    throw new UserError(
      `${name} ${version} cannot be used on this machine: its self-test gave wrong numbers (${detail}).`,
      {
        hint: 'Use --engine auto.',
        code: 'engine-unavailable',
      },
    )
  return { engine, reason: `tensorflow: ${name} ${version}, self-test ${detail}` }
}

function refuse(folder: string | undefined): Promise<never> {
  const where = folder === undefined ? 'beside Foldwise' : `in ${folder}`
  const error = new UserError(`No TensorFlow.js for Node is installed ${where}.`, {
    allowed: packages,
    hint: `npm install --prefix ${folder ?? 'FOLDER'} ${packages[0]} (without an NVIDIA card: ${packages[1]}); the setting foldwise.tensorflow.path or the variable FOLDWISE_TENSORFLOW names the folder (docs/TENSORFLOW.md).`,
    code: 'engine-unavailable',
  })
  return Promise.reject(error)
}
