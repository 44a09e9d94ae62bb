interface Frames {
  readonly frames: number
  readonly seconds: number
}

declare global {
  interface Window {
    /** Frames of the page since the call before, for measurements. The first call begins to count; it answers zeros. */
    foldwiseFrames: () => Frames
  }
}

/** Nobody asked for so long: counting would keep the page awake for nothing. */
const patienceMilliseconds = 60_000

/** Makes the page countable: a test in the host's browser asks how smooth it is. */
export function installFrameProbe(): void {
  let frames = 0
  let began: number | undefined
  const count = (time: number): void => {
    if (began === undefined) return
    frames++
    if (time - began > patienceMilliseconds) began = undefined
    else requestAnimationFrame(count)
  }
  window.foldwiseFrames = () => {
    const now = performance.now()
    const answer = { frames, seconds: began === undefined ? 0 : (now - began) / 1000 }
    if (began === undefined) requestAnimationFrame(count)
    began = now
    frames = 0
    return answer
  }
}
