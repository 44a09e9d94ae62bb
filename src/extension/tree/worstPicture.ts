import type * as vscode from 'vscode'
import { RunFolder } from '../../runs/runFolder.ts'
import type { Services } from '../services.ts'
import { worstImage } from './worstImage.ts'

/** The worst prediction of a run, as a tooltip shows it. */
export interface WorstPicture {
  readonly image: string
  readonly mIoU: number
  /** Picture as a data address. */
  readonly source: string
}

const longestSides = [320, 160]
/** VS Code cuts a Markdown text at 100,000 characters; the rest of the tooltip needs some of them. */
const mostCharacters = 90_000
const mostKept = 50

/** Pictures are made once per run: by the assistant, out of the host. */
export class WorstPictures {
  private readonly services: Services
  private readonly kept = new Map<string, Promise<WorstPicture | undefined>>()

  constructor(services: Services) {
    this.services = services
  }

  /**
   * undefined where the run has predicted nothing, where there is no picture, and after `token` was cancelled.
   * @param version of what is shown: another one is made anew
   */
  async of(
    root: string,
    run: string,
    version: string,
    token: vscode.CancellationToken,
  ): Promise<WorstPicture | undefined> {
    const key = [root, run, version].join('\n')
    const picture = this.kept.get(key) ?? this.make(root, run)
    // The one asked for last is let go last.
    this.kept.delete(key)
    this.kept.set(key, picture)
    for (const oldest of this.kept.keys()) if (this.kept.size > mostKept) this.kept.delete(oldest)
    const cancelled = new Promise<undefined>((resolve) => {
      token.onCancellationRequested(() => {
        resolve(undefined)
      })
    })
    return Promise.race([picture, cancelled])
  }

  private async make(root: string, run: string): Promise<WorstPicture | undefined> {
    try {
      const worst = worstImage(RunFolder.open({ root }, run).readScores())
      if (worst === undefined) return undefined
      for (const longestSide of longestSides) {
        const question = { type: 'prediction-picture', root, run, image: worst.image, longestSide } as const
        const { mimeType, image } = await this.services.assistant.ask<'prediction-picture'>(question)
        if (image.length < mostCharacters) return { ...worst, source: `data:${mimeType};base64,${image}` }
      }
    } catch (error) {
      // The tooltip says the rest without it: the image may be gone, the scores damaged.
      this.services.log.debug(`worst prediction of ${run}: ${String(error)}`)
    }
    return undefined
  }
}
