import type { Command } from './commands.ts'

export const showLog: Command = ({ log }) => {
  log.show()
  return Promise.resolve()
}
