import { registry, type Registry } from '../definition.ts'
import { constant } from './constant.ts'
import { cosineAnnealing } from './cosineAnnealing.ts'
import type { Scheduler } from './scheduler.ts'

export const schedulers: Registry<Scheduler> = registry<Scheduler>([cosineAnnealing, constant], 'scheduler')
