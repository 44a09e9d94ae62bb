/** Whether VS Code shows a theme of high contrast, dark or light. */
export function isHighContrast(): boolean {
  const { classList } = document.body
  return classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light')
}

/** VS Code tells of another theme by the classes of the page. */
export function onThemeChange(onChange: () => void): void {
  new MutationObserver(onChange).observe(document.body, { attributes: true, attributeFilter: ['class'] })
}

/** Whether a person asked for less motion: of the system, or of VS Code. */
export function isMotionReduced(): boolean {
  return (
    document.body.classList.contains('vscode-reduce-motion') ||
    window.matchMedia('(prefers-reduced-motion: reduce)').matches
  )
}
