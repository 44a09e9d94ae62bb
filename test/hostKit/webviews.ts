import type { Frame, Page } from 'playwright-core'
import { until } from './until.ts'

/** The document of a webview that contains an element. @param selector a CSS selector; Playwright looks into open shadow roots too */
export function webview(page: Page, selector: string): Promise<Frame> {
  const addresses = (): string =>
    page
      .frames()
      .map((frame) => frame.url())
      .join(' ')
  return until(
    () => `a webview with ${selector}; frames: ${addresses()}`,
    async () => {
      for (const frame of page.frames()) if (await isDocumentWith(frame, selector)) return frame
      return undefined
    },
  )
}

async function isDocumentWith(frame: Frame, selector: string): Promise<boolean> {
  if (frame.parentFrame() === null) return false
  try {
    // The next document of a webview loads in a second frame; this id marks the one that is shown.
    const element = await frame.frameElement()
    return (await element.getAttribute('id')) === 'active-frame' && (await frame.locator(selector).count()) > 0
  } catch {
    return false // it navigates
  }
}
