import { afterAll, beforeAll, expect, it } from 'vitest'
import { sampleProject } from '../../scripts/sampleProject.mjs'
import { Host } from '../hostKit/host.ts'

let host: Host
beforeAll(async () => {
  host = await Host.start({ extension: process.cwd(), workspace: sampleProject('smoke') })
})
afterAll(async () => {
  await host.stop()
})

it('shows its views', async () => {
  await host.page.locator('.activitybar a[aria-label^="Foldwise"]').click()
  await host.treeRow('Experiments', ({ label }) => label === 'baseline')
  await host.screenshot('smoke')
  expect(host.errors()).toEqual([])
})
