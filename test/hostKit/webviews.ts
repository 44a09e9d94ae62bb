import type { Frame, Page } from 'playwright-core'
import { waitFor } from './waiting.ts'

/** The document inside of the webview that holds an element; waits for it. */
export async function webview(page: Page, selector: string, timeout = 30_000): Promise<Frame> {
  return waitFor(
    () => `a webview with "${selector}"; frames: ${page.frames().map((frame) => frame.url()).join(' ')}`,
    async () => {
      for (const frame of page.frames()) if (await isDocumentWith(frame, selector)) return frame
      return undefined
    },
    { timeout },
  )
}

async function isDocumentWith(frame: Frame, selector: string): Promise<boolean> {
  if (frame.parentFrame() === null) return false
  try {
    // A webview loads its next document in a second frame; this id marks the one that is shown.
    const element = await frame.frameElement()
    return (await element.getAttribute('id')) === 'active-frame' && (await frame.$(selector)) !== null
  } catch {
    return false // navigating
  }
}
