/** Whether VS Code shows a theme of high contrast, dark or light. */
export function isHighContrast(): boolean {
  const { classList } = document.body
  return classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light')
}

/** VS Code tells of another theme by the classes of the page, and of other colours of the same one by its variables. */
export function onThemeChange(onChange: () => void): void {
  const observer = new MutationObserver(onChange)
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] })
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] })
}

/** Whether a person asked for less motion: of the system, or of VS Code. */
export function isMotionReduced(): boolean {
  return (
    document.body.classList.contains('vscode-reduce-motion') ||
    window.matchMedia('(prefers-reduced-motion: reduce)').matches
  )
}
