import type { Locator } from 'playwright-core'
import type { Host } from '../hostKit/host.ts'
import { until } from '../hostKit/until.ts'

/** Shows the sidebar with both of its views. */
export async function openSidebar(host: Host): Promise<void> {
  await host.page.locator('.activitybar a[aria-label^="Foldwise"]').click()
  const history = host.page.locator('.pane-header', { hasText: 'History' })
  await history.waitFor()
  if ((await history.getAttribute('aria-expanded')) === 'false') await history.click()
}

function pane(host: Host, title: string): Locator {
  return host.page.locator('.pane', { has: host.page.locator('.pane-header', { hasText: title }) })
}

/** The last one of this label. */
function rowOf(host: Host, view: string, label: string): Locator {
  const name = host.page.locator('.label-name', { hasText: new RegExp(`^${label.replaceAll('.', '\\.')}$`) })
  return pane(host, view).locator('.monaco-list-row', { has: name }).last()
}

/** Presses a button of a run's row in the history. */
export async function openRun(host: Host, run: string, action: 'Open Curves' | 'Open Overlay'): Promise<void> {
  await host.treeRow('History', ({ label }) => label === run)
  await rowOf(host, 'History', run).hover()
  await rowOf(host, 'History', run).locator(`.action-label[aria-label="${action}"]`).click()
}

/** Shows what lies below a row of the experiments. Again, where a change of the list came in between and closed it. */
export async function unfold(host: Host, label: string): Promise<void> {
  await host.treeRow('Experiments', (row) => row.label === label)
  const row = rowOf(host, 'Experiments', label)
  const isOpen = async (): Promise<boolean> => (await row.getAttribute('aria-expanded')) === 'true'
  await until(`${label} to be unfolded`, async () => {
    if (!(await isOpen())) await row.locator('.monaco-tl-twistie').click()
    return until('its children', isOpen, 3)
  })
}

export async function rowIsGone(host: Host, view: string, label: string): Promise<void> {
  await until(`${label} to leave ${view}`, async () => (await host.treeRows(view)).every((row) => row.label !== label))
}

/** Waits until what stands above the experiments has, or has not, these words. */
export async function viewMessage(host: Host, words: string, isSaid = true): Promise<void> {
  let message = ''
  await until(
    () => `a message ${isSaid ? 'with' : 'without'} "${words}"; it says: ${message}`,
    async () => {
      const parts = await pane(host, 'Experiments').locator('.tree-explorer-viewlet-tree-view .message').allInnerTexts()
      message = parts.join(' ')
      return message.includes(words) === isSaid
    },
  )
}
