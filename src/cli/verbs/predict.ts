import { resolve } from 'node:path'
import type { Command } from 'commander'
import { predictFolder } from '../../train/predictFolder.ts'
import { addEngineOptions, engineRequest, type EngineOptions } from '../arguments.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'

interface PredictOptions extends EngineOptions {
  readonly input: string
  readonly output: string
}

/** `foldwise predict RUN… --input DIR --output DIR`. */
export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .summary('predict a folder of images')
    .description('Predicts every image of a folder with the best checkpoint of a run; several runs vote together.')
    .argument('<RUN...>', 'folders in foldwise/runs')
    .requiredOption('--input <DIR>', 'folder of images')
    .requiredOption('--output <DIR>', 'folder for the predictions (palette PNG), made if missing')
  addEngineOptions(command).action(predict)
}

async function predict(runs: readonly string[], options: PredictOptions, command: Command): Promise<void> {
  const output = outputOf(command)
  const predictions = predictFolder({
    workspace: workspaceOf(command),
    runs,
    input: resolve(options.input),
    output: resolve(options.output),
    engine: engineRequest(options),
  })
  for await (const { image, file, index, total } of predictions)
    output.result({ type: 'prediction', image, file, index, total }, `${image} → ${file}`)
}
