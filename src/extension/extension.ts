import * as vscode from 'vscode'
import { Assistant } from './assistant/assistant.ts'
import { registerCommands } from './commands/commands.ts'
import { registerLanguage } from './language/registerLanguage.ts'
import { registerLostViews } from './panels/lostViews.ts'
import { registerRestoring } from './panels/restoring.ts'
import type { Services } from './services.ts'
import { DebugTests } from './testing/debugTests.ts'
import { TrainingStatus } from './status/trainingStatus.ts'
import { OpenProjects } from './store/openProjects.ts'
import { QueueFile } from './supervisor/queueFile.ts'
import { registerTree } from './tree/registerTree.ts'
import { TrainerQueue } from './supervisor/trainerQueue.ts'

export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now()
  const own = <Item extends vscode.Disposable>(item: Item): Item => {
    context.subscriptions.push(item)
    return item
  }
  const log = own(vscode.window.createOutputChannel('Foldwise', { log: true }))
  const program = context.asAbsolutePath('dist/cli.js')
  const storage = context.storageUri?.fsPath
  const projects = own(new OpenProjects())
  const queue = storage === undefined ? undefined : own(new TrainerQueue(new QueueFile(storage), program))
  const assistant = own(new Assistant(program, log))
  const services: Services = { context, projects, queue, assistant, log }
  own(registerCommands(services))
  own(registerRestoring(services))
  own(registerLostViews(services))
  own(registerTree(services))
  own(registerLanguage(services))
  if (queue !== undefined) {
    own(new TrainingStatus(services, queue))
    own(new DebugTests(services, queue))
  }
  log.info(`Activated in ${(performance.now() - began).toFixed(0)} ms.`)
}
