/** Keys that a slider, a group of radio buttons or a list uses for itself. */
const movingKeys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']
const pressingKeys = [' ', 'Enter']

/**
 * Whether the element with the focus has a use of its own for a key, so that the view keeps its hands off.
 * @param path elements from the focused one up
 */
export function isOwnKey(path: readonly EventTarget[], key: string): boolean {
  const [target] = path
  if (!(target instanceof HTMLElement)) return false
  if (path.some((element) => element instanceof HTMLDialogElement)) return true
  if (path.some(isSelect)) return [...movingKeys, ...pressingKeys].includes(key)
  if (target instanceof HTMLInputElement)
    return !isWithoutText(target) || [...movingKeys, ...pressingKeys].includes(key)
  const isPressed = target instanceof HTMLButtonElement || target.tagName === 'SUMMARY' || target.role === 'button'
  return isPressed && pressingKeys.includes(key)
}

function isSelect(element: EventTarget): boolean {
  return element instanceof HTMLElement && element.tagName === 'VSCODE-SINGLE-SELECT'
}

function isWithoutText({ type }: HTMLInputElement): boolean {
  return ['checkbox', 'radio', 'range'].includes(type)
}
