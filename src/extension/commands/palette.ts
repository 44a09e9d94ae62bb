import type { Command } from './command.ts'
import { chooseDevice } from './chooseDevice.ts'
import { clearFilter } from './clearFilter.ts'
import { compareWithBaseline } from './compareWithBaseline.ts'
import { copyRunName } from './copyRunName.ts'
import { createSampleProject } from './createSampleProject.ts'
import { debugRun } from './debugRun.ts'
import { deleteRun } from './deleteRun.ts'
import { encoderWeights } from './encoderWeights.ts'
import { findLearningRate } from './findLearningRate.ts'
import { filterRuns } from './filterRuns.ts'
import { initialiseProject } from './initialiseProject.ts'
import { newExperiment } from './newExperiment.ts'
import { openCurves } from './openCurves.ts'
import { openExperiment } from './openExperiment.ts'
import { openOverlay } from './openOverlay.ts'
import { openProjectFile } from './openProjectFile.ts'
import { openRunRecord } from './openRunRecord.ts'
import { resume } from './resume.ts'
import { revealRunFolder } from './revealRunFolder.ts'
import { setBaseline } from './setBaseline.ts'
import { showLog } from './showLog.ts'
import { showSchedule } from './showSchedule.ts'
import { showQueue } from './showQueue.ts'
import { sortRuns } from './sortRuns.ts'
import { stop } from './stop.ts'
import { trainAllFolds } from './trainAllFolds.ts'
import { trainFold } from './trainFold.ts'
import { trainingMenu } from './trainingMenu.ts'

/** Every command of the manifest, and those that only messages and the status bar call, by its id without `foldwise.`. */
export const palette: Readonly<Record<string, Command>> = {
  trainFold,
  trainAllFolds,
  debugRun,
  stop,
  resume,
  trainingMenu,
  compareWithBaseline,
  setBaseline,
  newExperiment,
  initialiseProject,
  createSampleProject,
  chooseDevice,
  encoderWeights,
  openCurves,
  openOverlay,
  openExperiment,
  openProjectFile,
  openRunRecord,
  revealRunFolder,
  copyRunName,
  deleteRun,
  filterRuns,
  clearFilter,
  sortRuns,
  showQueue,
  showSchedule,
  findLearningRate,
  showLog,
}
