import { byteText } from '../../core/byteText.ts'
import { encoderBytes } from '../../model/encoderDeclarations.ts'
import type { EncoderDefinition } from '../../model/encoders/encoder.ts'
import { listWeights } from '../../runs/weightCache.ts'
import type { Output } from '../output/output.ts'
import { table } from '../output/table.ts'

interface WeightsRow {
  readonly encoder: string
  readonly weights: string | null
  readonly isHere: boolean
  /** Of the encoder's tensors: about what a file takes. */
  readonly bytes?: number
  readonly licence?: string | null
  readonly hub?: string
  readonly revision?: string | undefined
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
}

/** Every set of pretrained weights of some encoders, and what must be known before one is chosen. */
export function showWeights(chosen: readonly EncoderDefinition[], output: Output): void {
  const cached = listWeights()
  const rows = chosen.flatMap((encoder): readonly WeightsRow[] => {
    const { name, weights, pretrained } = encoder
    if (weights.length === 0) return [{ encoder: name, weights: null, isHere: false }]
    const bytes = encoderBytes(encoder)
    return weights.map((each) => {
      const { licence, hub, revision, mean, std } = pretrained[each]
      const isHere = cached.some((entry) => entry.encoder === name && entry.weights === each)
      return { encoder: name, weights: each, isHere, bytes, licence, hub, revision, mean, std }
    })
  })
  if (output.isJson) {
    for (const row of rows) output.record({ type: 'encoder', ...row })
    return
  }
  const cells = rows.map(({ encoder, weights, isHere, bytes, licence, mean, std, hub }) => [
    encoder,
    weights ?? '–',
    isHere ? 'yes' : 'no',
    bytes === undefined ? '–' : `~${byteText(bytes)}`,
    hub === undefined ? '–' : (licence ?? 'not stated'),
    numbers(mean),
    numbers(std),
    hub ?? '–',
  ])
  output.line(table(['encoder', 'weights', 'here', 'size', 'licence', 'mean', 'std', 'hub'], cells))
}

function numbers(values: readonly number[] | undefined): string {
  return values === undefined ? '–' : values.map((value) => value.toFixed(3)).join(' ')
}
