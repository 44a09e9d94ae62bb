import type * as z from 'zod'
import type { Definition } from '../definition.ts'

/**
 * A learning-rate schedule in closed form, so that a resumed run needs no history. An argument that is null means the epochs
 * of the whole run.
 */
export interface Scheduler<Arguments extends z.ZodObject = z.ZodObject> extends Definition<Arguments> {
  /**
   * Learning rate of epoch t.
   * @param baseLr the optimizer's lr
   * @param t epoch, from 0
   * @param epochs epochs of the whole run
   */
  rate(baseLr: number, t: number, args: z.output<Arguments>, epochs: number): number
}
