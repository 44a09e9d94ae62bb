import { changeViewOptions } from '../tree/viewOptions.ts'
import type { Command } from './command.ts'

export const clearFilter: Command = ({ context }) => changeViewOptions(context, { filter: '' })
