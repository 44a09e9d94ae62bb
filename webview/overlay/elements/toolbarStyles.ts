import { css } from 'lit'

export const toolbarStyles = css`
  :host {
    display: block;
    padding: 6px 12px;
    border-bottom: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
  }
  .row + .row {
    margin-top: 6px;
  }
  .group {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  h1 {
    margin: 0;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 1.1em;
    font-weight: 600;
  }
  .facts,
  .position,
  .percent {
    color: var(--vscode-descriptionForeground);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .facts strong {
    color: var(--vscode-foreground);
    font-weight: 600;
  }
  .position {
    min-width: 4em;
  }
  .percent {
    min-width: 3.2em;
    text-align: right;
  }
  .run {
    display: inline-flex;
    align-items: center;
    gap: 10px;
    margin-left: auto;
  }
  .zoom {
    gap: 2px;
  }
  .help {
    margin-left: auto;
  }
  vscode-single-select {
    width: 150px;
  }
  input[type='range'] {
    width: 80px;
    accent-color: var(--vscode-progressBar-background, var(--vscode-focusBorder));
  }
  input[type='range']:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 2px;
  }
  .blink[aria-pressed='true'] {
    --vscode-button-secondaryBackground: var(--vscode-inputOption-activeBackground);
    --vscode-button-secondaryForeground: var(--vscode-inputOption-activeForeground);
    outline: 1px solid var(--vscode-inputOption-activeBorder, transparent);
  }
`
