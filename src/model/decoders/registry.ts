import { registry } from '../../core/definition.ts'
import { unet } from './unet.ts'

/** Every architecture, under the name that segmentation_models_pytorch gives it. */
export const architectures = registry([unet], 'architecture')
