import { boundaryF1 } from './boundaryF1.ts'
import { boundaryIoU } from './boundaryIoU.ts'
import { hausdorff95 } from './hausdorff95.ts'

/** Every score of contours. They need the predictions, and time: counted when asked for. */
export const boundaryMetrics = [boundaryIoU, boundaryF1, hausdorff95] as const
