import { registry } from '../../core/definition.ts'
import { deepLabV3Plus } from './deepLabV3Plus.ts'
import { hrNetV2 } from './hrNetV2.ts'
import { unet } from './unet.ts'

/** Every architecture, under the name that segmentation_models_pytorch gives it. */
export const architectures = registry([unet, deepLabV3Plus, hrNetV2], 'architecture')
