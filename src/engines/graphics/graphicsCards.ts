import type { GraphicsCard } from './graphicsCard.ts'
import { linuxCards } from './linuxCards.ts'
import { macCards } from './macCards.ts'
import { windowsCards } from './windowsCards.ts'

/** What the operating system lists; none where it does not say. */
export async function graphicsCards(): Promise<readonly GraphicsCard[]> {
  switch (process.platform) {
    case 'linux':
      return linuxCards()
    case 'win32':
      return windowsCards()
    case 'darwin':
      return macCards()
    default:
      return []
  }
}
