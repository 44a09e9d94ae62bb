import type { OperationName } from '../../../graph/operations.ts'
import type { Operators } from '../operator.ts'
import { activationOperators } from './activation.ts'
import { channelOperators } from './channels.ts'
import { convolutionOperators } from './convolution.ts'
import { elementwiseOperators } from './elementwise.ts'
import { matrixOperators } from './matrices.ts'
import { normalizationOperators } from './normalization.ts'
import { pixelOperators } from './pixels.ts'
import { poolingOperators } from './pooling.ts'
import { resizeOperators } from './resize.ts'
import { upsampleConvolutionOperators } from './upsampleConvolution.ts'

/** Every operation of the IR but its sources; one that is missing is a compile error. */
export const operators: Operators<Exclude<OperationName, 'parameter' | 'input' | 'constant'>> = {
  ...elementwiseOperators,
  ...pixelOperators,
  ...matrixOperators,
  ...convolutionOperators,
  ...upsampleConvolutionOperators,
  ...normalizationOperators,
  ...activationOperators,
  ...channelOperators,
  ...poolingOperators,
  ...resizeOperators,
}
