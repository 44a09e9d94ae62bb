import { css } from 'lit'

export const overlayStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100vh;
    min-height: 0;
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) clamp(364px, 27vw, 420px);
    flex: 1;
    min-height: 0;
  }
  .panes {
    display: grid;
    grid-template: 1fr 1fr / 1fr 1fr;
    gap: 8px;
    min-width: 0;
    min-height: 0;
    padding: 8px 12px;
  }
  .panes[data-count='1'] {
    grid-template: 1fr / 1fr;
  }
  .panes[data-count='2'] {
    grid-template: 1fr / 1fr 1fr;
  }
  .legend {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    font-size: 11px;
    white-space: nowrap;
  }
  .baseline-run {
    padding: 1px 6px;
    border-radius: 9px;
    background: var(--vscode-badge-background);
    color: var(--vscode-badge-foreground);
    border: 1px solid var(--vscode-contrastBorder, transparent);
    font-size: 11px;
  }
  foldwise-pane[data-baseline] {
    border-color: var(--vscode-focusBorder);
  }
  aside {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    border-left: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
  }
  .classes {
    flex: 0 1 auto;
    max-height: 60%;
    overflow: auto;
    padding-top: 4px;
  }
  aside > h2 {
    padding: 8px 8px 6px;
    border-top: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
  }
  foldwise-image-list {
    flex: 1;
  }
  .progress {
    height: 0;
    position: relative;
  }
  .progress > vscode-progress-bar {
    position: absolute;
    top: 0;
    left: 0;
    right: 0;
    opacity: 0;
    animation: appear 0s 0.25s forwards;
  }
  @keyframes appear {
    to {
      opacity: 1;
    }
  }
  .note {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0;
    padding: 6px 12px;
    background: var(--vscode-inputValidation-warningBackground);
    color: var(--vscode-inputValidation-warningForeground, inherit);
    border-bottom: 1px solid var(--vscode-inputValidation-warningBorder, transparent);
  }
  .message {
    flex: 1;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 12px;
    padding: 24px;
    text-align: center;
  }
  .message p {
    margin: 0;
    max-width: 60ch;
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  .hint {
    color: var(--vscode-descriptionForeground);
  }
  .hint:empty {
    display: none;
  }
  @media (max-width: 820px) {
    :host {
      height: auto;
      min-height: 100vh;
    }
    .body {
      display: block;
    }
    .panes {
      height: max(360px, 70vh);
    }
    aside {
      border-left: none;
      border-top: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
    }
    .classes {
      max-height: none;
    }
    foldwise-image-list {
      height: 320px;
    }
  }
`
