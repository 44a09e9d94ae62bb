import { byteText } from '../../core/byteText.ts'
import { UserError } from '../../core/errors.ts'
import { encoderBytes } from '../../model/encoderDeclarations.ts'
import type { EncoderDefinition } from '../../model/encoders/encoder.ts'
import { pretrainedWeights } from '../../model/pretrained.ts'
import { findWeights } from '../../runs/weightCache.ts'
import type { Output } from '../output/output.ts'
import { untilStopped } from '../untilStopped.ts'
import { DownloadProgress } from './downloadProgress.ts'
import { downloadWeights } from './downloadWeights.ts'
import { hubEndpoint } from './hubFile.ts'

interface DownloadOptions {
  readonly weights?: string
  readonly mirror?: string
}

/** `foldwise encoders NAME --download`: shows licence and progress; Ctrl-C stops it, and what came is kept. */
export async function download(encoder: EncoderDefinition, options: DownloadOptions, output: Output): Promise<void> {
  const weights = options.weights ?? onlyWeights(encoder)
  const { hub, licence } = pretrainedWeights(encoder, weights)
  const { name } = encoder
  if (await isHere(name, weights)) {
    output.result({ type: 'downloaded', encoder: name, weights }, `"${weights}" of ${name} is here already.`)
    return
  }
  const endpoint = hubEndpoint(options.mirror)
  output.message(`"${weights}" of ${name}, about ${byteText(encoderBytes(encoder))}, from ${endpoint}/${hub}`)
  output.message(`Licence of these weights: ${licence ?? 'not stated by who published them'}`)
  const progress = new DownloadProgress(output, { encoder: name, weights })
  const remains = 'What came is kept: the same command goes on from there.'
  const entry = await untilStopped(output, { encoder: name, weights }, remains, async (signal) => {
    try {
      return await downloadWeights({
        encoder,
        weights,
        endpoint,
        signal,
        onProgress: (bytes, total) => {
          progress.show(bytes, total)
        },
      })
    } finally {
      progress.close()
    }
  })
  if (entry === undefined) return
  output.result(
    { type: 'downloaded', ...entry },
    `Downloaded "${weights}" of ${name}: its tensors fit.\n  SHA-256 ${entry.sha256}, as the hub says`,
  )
}

function onlyWeights({ name, weights }: EncoderDefinition): string {
  if (weights.length === 1) return weights[0]
  throw new UserError(
    weights.length === 0 ? `encoder "${name}" has no pretrained weights` : `which weights of encoder "${name}"?`,
    {
      allowed: weights.length === 0 ? undefined : weights,
      hint: weights.length === 0 ? undefined : `foldwise encoders ${name} --download --weights ${weights[0]}`,
      code: 'usage',
    },
  )
}

/** Damaged ones are downloaded anew. */
async function isHere(name: string, weights: string): Promise<boolean> {
  try {
    return (await findWeights(name, weights)) !== undefined
  } catch (error) {
    if (error instanceof UserError && error.details.code === 'weights-damaged') return false
    throw error
  }
}
