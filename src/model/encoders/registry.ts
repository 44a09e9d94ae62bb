import { registry } from '../../core/definition.ts'
import { convNeXts } from './convNeXt.ts'
import { denseNets } from './denseNet.ts'
import { efficientNets } from './efficientNet.ts'
import { efficientNetLites } from './efficientNetLite.ts'
import { hrNets } from './hrNet.ts'
import { mixTransformers } from './mixTransformer.ts'
import { mobileNetV2 } from './mobileNetV2.ts'
import { mobileOnes } from './mobileOne.ts'
import { resNets } from './resNet.ts'
import { timmEfficientNets } from './timmEfficientNet.ts'
import { vggs } from './vgg.ts'

/**
 * Every encoder that a network can have, under the name that segmentation_models_pytorch 0.6 gives it; `hrnet_…` are timm's
 * own names, for HRNetV2.
 */
export const encoders = registry(
  [
    ...efficientNets,
    ...efficientNetLites,
    ...timmEfficientNets,
    mobileNetV2,
    ...mobileOnes,
    ...resNets,
    ...denseNets,
    ...vggs,
    ...hrNets,
    ...mixTransformers,
    ...convNeXts,
  ],
  'encoder',
)
