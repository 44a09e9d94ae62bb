import * as vscode from 'vscode'
import { chooseProject } from './choose.ts'
import type { Command } from './command.ts'
import { experimentFor } from './experimentQuestion.ts'
import { showPage } from './page.ts'

/** "Show Schedule…": the learning rate of every epoch, before anything is trained. */
export const showSchedule: Command = async (services, target) => {
  const store = await chooseProject(services, target)
  const title = vscode.l10n.t('Show Schedule')
  const experiment = await experimentFor(services, store, target?.experiment, title)
  const { root } = store.workspace
  const { html } = await services.assistant.ask<'schedule'>({ type: 'schedule', root, experiment })
  showPage(experiment, html)
}
