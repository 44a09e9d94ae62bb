import { css } from 'lit'

/** What all elements of the view share. */
export const sharedStyles = css`
  :host {
    box-sizing: border-box;
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    color: var(--vscode-foreground);
  }
  * {
    box-sizing: border-box;
  }
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  h2 {
    margin: 0;
    font-size: 11px;
    font-weight: 600;
    text-transform: uppercase;
    color: var(--vscode-sideBarSectionHeader-foreground, var(--vscode-foreground));
  }
  kbd {
    padding: 1px 4px;
    border: 1px solid var(--vscode-keybindingLabel-border, var(--vscode-contrastBorder, currentColor));
    border-radius: 3px;
    background: var(--vscode-keybindingLabel-background, transparent);
    color: var(--vscode-keybindingLabel-foreground, inherit);
    font-family: var(--vscode-font-family);
    font-size: 11px;
  }
`

/** Numbers under each other. */
export const tableStyles = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 0 3px;
    height: 24px;
    text-align: right;
    font-weight: normal;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  th:first-child {
    text-align: left;
    padding-left: 8px;
  }
  th:last-child,
  td:last-child {
    padding-right: 8px;
  }
  thead th,
  caption {
    color: var(--vscode-descriptionForeground);
    font-size: 11px;
  }
  caption {
    padding: 4px 8px;
    text-align: left;
  }
  tbody tr:hover {
    background: var(--vscode-list-hoverBackground);
    color: var(--vscode-list-hoverForeground);
  }
`
