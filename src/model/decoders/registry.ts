import { registry } from '../../core/definition.ts'
import { deepLabV3 } from './deepLabV3.ts'
import { deepLabV3Plus } from './deepLabV3Plus.ts'
import { fpn } from './fpn.ts'
import { hrNetV2 } from './hrNetV2.ts'
import { linknet } from './linknet.ts'
import { manet } from './manet.ts'
import { pan } from './pan.ts'
import { pspNet } from './pspNet.ts'
import { segformer } from './segformer.ts'
import { unet } from './unet.ts'
import { unetPlusPlus } from './unetPlusPlus.ts'
import { uperNet } from './uperNet.ts'

/** Every architecture, under the name that segmentation_models_pytorch gives it; HRNetV2 is its paper's. */
export const architectures = registry(
  [unet, unetPlusPlus, manet, linknet, fpn, pspNet, pan, uperNet, deepLabV3, deepLabV3Plus, segformer, hrNetV2],
  'architecture',
)
