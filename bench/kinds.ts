import { augment } from './augment.ts'
import type { BenchKind } from './benchKind.ts'
import { checkpointing } from './checkpointing.ts'
import { input } from './input.ts'
import { memory } from './memory.ts'
import { predict } from './predict.ts'
import { predictLarge } from './predictLarge.ts'
import { start } from './start.ts'
import { step } from './step.ts'

/** What `npm run bench` can measure, in the order of docs/PERFORMANCE.md. */
export const kinds: readonly BenchKind[] = [step, predict, predictLarge, checkpointing, memory, input, augment, start]
