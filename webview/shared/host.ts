/** What VS Code gives a webview, once. https://code.visualstudio.com/api/extension-guides/webview */
declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: unknown): void
}

/**
 * The view's end of its conversation with the host.
 * @typeParam ToView messages that the host sends  @typeParam FromView messages that this view sends
 * @typeParam State what the view remembers over a reload of the window
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a view fixes both directions once, here
export class HostConnection<ToView, FromView, State> {
  private readonly api = acquireVsCodeApi()

  send(message: FromView): void {
    this.api.postMessage(message)
  }

  /** Messages come from our own host only: VS Code delivers no others to a webview. */
  listen(onMessage: (message: ToView) => void): void {
    window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
      onMessage(data)
    })
  }

  /** What `remember` was given before the reload; undefined in a new panel. */
  recall(): State | undefined {
    return this.api.getState() as State | undefined
  }

  remember(state: State): void {
    this.api.setState(state)
  }
}
