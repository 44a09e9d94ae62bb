#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { productVersion } from '../train/productVersion.ts'
import { exitCodes, reportFailure } from './failure.ts'
import { addGlobalOptions, isVerbose, outputOf } from './globalOptions.ts'
import { addAugment } from './verbs/augment.ts'
import { addBench } from './verbs/bench.ts'
import { addCompare } from './verbs/compare.ts'
import { addDebug } from './verbs/debug.ts'
import { addDevices } from './verbs/devices.ts'
import { addDoctor } from './verbs/doctor.ts'
import { addEda } from './verbs/eda.ts'
import { addEncoders } from './verbs/encoders.ts'
import { addEvaluate } from './verbs/evaluate.ts'
import { addInit } from './verbs/init.ts'
import { addLrFind } from './verbs/lrFind.ts'
import { addMethods } from './verbs/methods.ts'
import { addPredict } from './verbs/predict.ts'
import { addSample } from './verbs/sample.ts'
import { addSchedule } from './verbs/schedule.ts'
import { addSchema } from './verbs/schema.ts'
import { addServe } from './verbs/serve.ts'
import { addSplit } from './verbs/split.ts'
import { addTrain } from './verbs/train.ts'

const verbs = [
  addInit,
  addSample,
  addTrain,
  addDebug,
  addEvaluate,
  addPredict,
  addCompare,
  addSplit,
  addEda,
  addDoctor,
  addSchedule,
  addLrFind,
  addAugment,
  addBench,
  addDevices,
  addEncoders,
  addMethods,
  addSchema,
  addServe,
]

// Whoever read our output may be gone (`foldwise encoders | head`, a host that was closed): work goes on, silently.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

const program = new Command('foldwise')
  .description('Semantic segmentation experiments: train folds, change one condition at a time, know what helped.')
  .version(productVersion)
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(--help shows what there is)')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 the input is wrong, 3 stopped on request, 4 a check did not hold.',
  )
addGlobalOptions(program)
for (const addVerb of verbs) addVerb(program)

try {
  await program.parseAsync()
} catch (error) {
  // Commander has printed its own message.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput
  else process.exitCode = reportFailure(error, outputOf(program), isVerbose(program))
}
