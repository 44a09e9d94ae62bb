import { changeViewOptions } from '../tree/viewOptions.ts'
import type { Command } from './commands.ts'

export const clearFilter: Command = ({ context }) => changeViewOptions(context, { filter: '' })
