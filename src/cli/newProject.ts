import type { ExperimentFile } from '../core/experimentFile.ts'
import { createExperiment } from '../runs/experiments.ts'
import { createProject, type Workspace } from '../runs/workspace.ts'

/** What a new project file says; defaults may be left out. */
export interface NewProject {
  readonly dataset: object
  readonly split: object
}

const projectComments = {
  '': 'The data set, its split and the baseline: shared by all experiments of this project.',
  'dataset.classes': 'Values in the masks, background included.',
  'dataset.ignore_index': 'Pixels of this value are neither trained nor scored; null when there are none.',
  split: 'Changing the split makes earlier results incomparable.',
  primary_metric: 'Ranks experiments and picks the best epoch: mIoU, dice or pixelAccuracy.',
  baseline: 'The experiment that all others are measured against.',
  debug: 'foldwise debug trains on this many images for so many epochs.',
}

const experimentComments = {
  '': 'The baseline. Other experiments say "extends": "baseline" and only what they change.',
  hypothesis: 'What this experiment is expected to show, and why.',
  model: 'Names and arguments of segmentation_models_pytorch.',
  loss: 'Summed with their weights.',
  augment: 'Names and arguments of Albumentations, applied in this order to training images.',
  'data.image_size': '[height, width] to which images are resized; null keeps their own size.',
}

/**
 * Makes `foldwise/project.jsonc` and `foldwise/experiments/baseline.jsonc`, both with comments.
 * @throws UserError `exists` where there is a project already
 */
export async function createProjectFiles(
  directory: string,
  { dataset, split }: NewProject,
  baseline: ExperimentFile,
): Promise<Workspace> {
  const project = {
    dataset,
    split,
    primary_metric: 'mIoU',
    baseline: 'baseline',
    debug: { samples: 64, epochs: 2 },
  }
  const workspace = await createProject(directory, project, projectComments)
  await createExperiment(workspace, 'baseline', baseline, experimentComments)
  return workspace
}
