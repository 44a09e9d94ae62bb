import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import { showFailure } from '../failure.ts'
import type { Services, Target } from '../services.ts'
import { checkTrust, choose, chooseProject } from './choose.ts'
import type { Command } from './command.ts'
import { endProcess } from './endProcess.ts'
import { trainingsOf, type Training } from './trainings.ts'

/** A step takes seconds; a trainer that does not obey for so long hangs, or works on one huge step. */
const patienceMilliseconds = 30_000
const quietMilliseconds = 1000
const lookMilliseconds = 200

/** When each training was asked to stop, milliseconds since 1970. */
const asked = new Map<string, number>()

/** "Stop Training": after the step, with a checkpoint. Whoever does not obey can be ended the second time. */
export const stop: Command = async (services, target) => {
  checkTrust()
  const training = await chooseTraining(services, target)
  if (training === undefined) return
  const isHanging = Date.now() - (asked.get(keyOf(training)) ?? Infinity) > patienceMilliseconds
  if (isHanging) {
    await offerEnd(services, training)
    return
  }
  if (training.job !== undefined) await mayClearQueue(services, training)
  request(services, training)
  if (asked.has(keyOf(training))) return
  asked.set(keyOf(training), Date.now())
  // Not awaited: the command has done its part.
  void follow(services, training).catch((error: unknown) => showFailure(error, services.log))
}

function trainingsNow({ projects, queue }: Services): readonly Training[] {
  const stores = projects.all.map(({ workspace: { root }, runs }) => ({ root, runs }))
  if (queue?.active === undefined) return trainingsOf(stores, undefined)
  return trainingsOf(stores, { job: queue.active, run: queue.runOf(queue.active) })
}

/** undefined where nothing trains, which was said. @throws UserError where the target's run does not  @throws Dismissed */
async function chooseTraining(services: Services, target: Target | undefined): Promise<Training | undefined> {
  const trainings = trainingsNow(services)
  if (target?.run !== undefined) {
    const meant = trainings.find(({ root, run }) => root === target.root && run === target.run)
    if (meant === undefined) throw new UserError(vscode.l10n.t('{0} is not in training.', target.run))
    return meant
  }
  if (trainings.length === 0) {
    // Without a project, that is what there is to say.
    await chooseProject(services, target)
    // Not awaited: nothing follows from it.
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing is in training. "Foldwise: Train Fold" begins.'))
    return undefined
  }
  if (trainings.length === 1) return trainings[0]
  const items = trainings.map((training) => ({
    label: training.name,
    description: training.job === undefined ? vscode.l10n.t('started outside of this window') : '',
    training,
  }))
  return (await choose(items, vscode.l10n.t('Stop Training'), vscode.l10n.t('Which run?'))).training
}

async function mayClearQueue({ queue }: Services, { name }: Training): Promise<void> {
  const waiting = queue?.jobs.filter(({ process }) => process === undefined).length ?? 0
  if (queue === undefined || waiting === 0) return
  const one = { label: vscode.l10n.t('Stop This Fold'), description: vscode.l10n.t('the next in the queue begins') }
  const all = { label: vscode.l10n.t('Stop and Clear the Queue'), description: vscode.l10n.t('{0} waiting', waiting) }
  const question = vscode.l10n.t('{0} is in training.', name)
  if ((await choose([one, all], vscode.l10n.t('Stop Training'), question)) === all) await queue.removeWaiting()
}

function request({ queue }: Services, { root, run, job }: Training): void {
  if (job !== undefined) queue?.stopActive()
  else if (run !== undefined) RunFolder.open({ root }, run).request('stop')
}

/** Says that it takes a while where it does; offers to end the process where it takes too long. */
async function follow(services: Services, training: Training): Promise<void> {
  const begin = Date.now()
  const isOver = (): boolean => !trainingsNow(services).some((each) => isSame(each, training))
  const waitUntil = async (deadline: number): Promise<void> => {
    while (!isOver() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, lookMilliseconds))
  }
  await waitUntil(begin + quietMilliseconds)
  if (!isOver()) {
    const title = vscode.l10n.t('Stopping {0}: its step ends, then a checkpoint is written.', training.name)
    const location = vscode.ProgressLocation.Notification
    await vscode.window.withProgress({ location, title }, () => waitUntil(begin + patienceMilliseconds))
  }
  if (!isOver()) {
    void offerEnd(services, training).catch((error: unknown) => showFailure(error, services.log))
    await waitUntil(Infinity)
  }
  asked.delete(keyOf(training))
}

async function offerEnd(services: Services, training: Training): Promise<void> {
  const end = vscode.l10n.t('End the Process')
  const message = vscode.l10n.t(
    '{0} has not reacted to the request to stop. Its process can be ended: what it did since its last checkpoint is lost then.',
    training.name,
  )
  if ((await vscode.window.showWarningMessage(message, end)) === end) endProcess(services, training)
}

function isSame(a: Training, b: Training): boolean {
  return b.job !== undefined ? a.job?.id === b.job.id : a.root === b.root && a.run === b.run
}

function keyOf({ root, run, job }: Training): string {
  return job?.id ?? `${root} ${run ?? ''}`
}
