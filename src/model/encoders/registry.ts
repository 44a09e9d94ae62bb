import { registry } from '../../core/definition.ts'
import { efficientNets } from './efficientNet.ts'
import { efficientNetLites } from './efficientNetLite.ts'
import { mobileNetV2 } from './mobileNetV2.ts'
import { resNets } from './resNet.ts'
import { timmEfficientNets } from './timmEfficientNet.ts'

/** Every encoder that a network can have, under the name that segmentation_models_pytorch 0.6 gives it. */
export const encoders = registry(
  [...efficientNets, ...efficientNetLites, ...timmEfficientNets, mobileNetV2, ...resNets],
  'encoder',
)
