import { registry, type Registry } from '../definition.ts'
import { constant } from './constant.ts'
import { cosineAnnealing } from './cosineAnnealing.ts'
import { cosineWarmRestarts } from './cosineWarmRestarts.ts'
import { cosineWarmUpRestarts } from './cosineWarmUpRestarts.ts'
import { exponentialLr } from './exponentialLr.ts'
import { gradualWarmup } from './gradualWarmup.ts'
import { linearLr } from './linearLr.ts'
import { multiStepLr } from './multiStepLr.ts'
import { oneCycleLr } from './oneCycleLr.ts'
import { polynomialLr } from './polynomialLr.ts'
import { reduceOnPlateau } from './reduceOnPlateau.ts'
import type { Scheduler } from './scheduler.ts'
import { stepLr } from './stepLr.ts'
import { withWarmup } from './warmup.ts'

const schedules: readonly Scheduler[] = [
  cosineAnnealing,
  constant,
  stepLr,
  multiStepLr,
  exponentialLr,
  polynomialLr,
  linearLr,
  cosineWarmRestarts,
  cosineWarmUpRestarts,
  oneCycleLr,
  reduceOnPlateau,
]

export const schedulers: Registry<Scheduler> = registry(
  [...schedules.map(withWarmup), gradualWarmup(schedules)],
  'scheduler',
)
