import * as vscode from 'vscode'
import { Dismissed } from './choose.ts'

/** Where a question stands among those of its command. */
export interface Step {
  readonly title: string
  /** From 1. */
  readonly step: number
  readonly totalSteps: number
  readonly canGoBack: boolean
}

/** Thrown where a person pressed Back: the question before is asked again. */
export class WentBack extends Error {
  override readonly name = 'WentBack'
}

/** Asks one question after another; Back returns to the one before. @throws Dismissed */
export async function askInSteps(title: string, questions: readonly ((step: Step) => Promise<void>)[]): Promise<void> {
  for (let index = 0; index < questions.length;) {
    try {
      await questions[index]({ title, step: index + 1, totalSteps: questions.length, canGoBack: index > 0 })
      index++
    } catch (error) {
      if (!(error instanceof WentBack)) throw error
      index = Math.max(0, index - 1)
    }
  }
}

/** One of several things, by label, description or detail. @throws Dismissed, WentBack */
export async function pickInStep<Item extends vscode.QuickPickItem>(
  step: Step,
  placeholder: string,
  items: readonly Item[],
): Promise<Item> {
  const pick = vscode.window.createQuickPick<Item>()
  pick.items = items
  pick.placeholder = placeholder
  pick.matchOnDescription = true
  pick.matchOnDetail = true
  return answerOf(pick, step, () => pick.selectedItems.at(0))
}

/** A line of text. @param problemOf why a text cannot be taken, for the person; undefined where it can @throws Dismissed, WentBack */
export async function typeInStep(
  step: Step,
  prompt: string,
  { value = '', placeholder = '' }: { readonly value?: string; readonly placeholder?: string },
  problemOf: (text: string) => string | undefined,
): Promise<string> {
  const input = vscode.window.createInputBox()
  input.prompt = prompt
  input.value = value
  input.placeholder = placeholder
  const check = (): void => {
    input.validationMessage = problemOf(input.value)
  }
  input.onDidChangeValue(check)
  return answerOf(input, step, () => {
    check()
    return input.validationMessage === undefined ? input.value : undefined
  })
}

/** @param read the answer when the person pressed Enter; undefined where there is none to take yet */
async function answerOf<Answer>(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  { title, step, totalSteps, canGoBack }: Step,
  read: () => Answer | undefined,
): Promise<Answer> {
  input.title = title
  if (totalSteps > 1) Object.assign(input, { step, totalSteps })
  input.buttons = canGoBack ? [vscode.QuickInputButtons.Back] : []
  // A look at another window must not lose the answers so far.
  input.ignoreFocusOut = true
  try {
    return await new Promise<Answer>((resolve, reject) => {
      input.onDidAccept(() => {
        const answer = read()
        if (answer !== undefined) resolve(answer)
      })
      input.onDidTriggerButton(() => {
        reject(new WentBack())
      })
      input.onDidHide(() => {
        reject(new Dismissed())
      })
      input.show()
    })
  } finally {
    input.dispose()
  }
}
