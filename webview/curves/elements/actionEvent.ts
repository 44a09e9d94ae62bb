import { actionChannel } from '../../shared/actionChannel.ts'
import type { Action } from '../model/actions.ts'

/** Tells the view what a person did. */
export const { act, listenToActions } = actionChannel<Action>()
