import type { Page } from 'playwright-core'
import { runProcesses, type RunProcess } from './runProcesses.ts'
import { until } from './until.ts'
import { dialog } from './workbench.ts'

/** The processes in which extensions run. */
export function extensionHosts(run: string): readonly RunProcess[] {
  return runProcesses(run).filter(({ command }) => command.includes('--type=extensionHost'))
}

/** Kills the extension hosts of a run as a crash would. @returns the ids of the killed */
export async function killExtensionHosts(run: string): Promise<readonly number[]> {
  const killed = extensionHosts(run).map(({ pid }) => pid)
  if (killed.length === 0) throw new Error('there is no extension host to kill')
  for (const pid of killed) process.kill(pid, 'SIGKILL')
  await until('the death of the extension host', () => extensionHosts(run).every(({ pid }) => !killed.includes(pid)))
  return killed
}

/** Waits for an extension host that is none of the earlier ones; says yes where VS Code asks first. @returns its process id */
export async function nextExtensionHost(
  page: Page,
  run: string,
  earlier: readonly number[],
  seconds = 60,
): Promise<number> {
  const restart = page.locator('.notifications-toasts .monaco-button', { hasText: 'Restart Remote Extension Host' })
  return until(
    'an extension host',
    async () => {
      const next = extensionHosts(run).find(({ pid }) => !earlier.includes(pid))
      if (next !== undefined) return next.pid
      if ((await restart.count()) > 0) await restart.first().dispatchEvent('click')
      if ((await dialog(page))?.buttons.includes('Reload Window') === true)
        await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Reload Window' }).click()
      return undefined
    },
    seconds,
  )
}
