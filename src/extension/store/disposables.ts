import type { Disposable } from 'vscode'

/** Things that live and die together. */
export class Disposables implements Disposable {
  private readonly items: Disposable[] = []

  add<Item extends Disposable>(item: Item): Item {
    this.items.push(item)
    return item
  }

  dispose(): void {
    for (const item of this.items.splice(0).reverse()) item.dispose()
  }
}
