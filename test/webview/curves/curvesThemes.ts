import { themes } from '../overlay/themes.ts'

/** What the curves use beside what every view does, in VS Code's own themes. */
const charts = {
  dark: {
    'charts-blue': '#3794ff',
    'charts-orange': '#d18616',
    'charts-green': '#89d185',
    'charts-red': '#f14c4c',
    'charts-purple': '#b180d7',
    'charts-yellow': '#cca700',
    'charts-lines': 'rgba(204, 204, 204, 0.5)',
    'editorHoverWidget-background': '#202020',
    'editorHoverWidget-foreground': '#cccccc',
    'editorHoverWidget-border': '#454545',
  },
  light: {
    'charts-blue': '#1a85ff',
    'charts-orange': '#d18616',
    'charts-green': '#388a34',
    'charts-red': '#e51400',
    'charts-purple': '#652d90',
    'charts-yellow': '#bf8803',
    'charts-lines': 'rgba(59, 59, 59, 0.5)',
    'editorHoverWidget-background': '#f8f8f8',
    'editorHoverWidget-foreground': '#3b3b3b',
    'editorHoverWidget-border': '#c8c8c8',
  },
  highContrast: {
    'charts-blue': '#3794ff',
    'charts-orange': '#d18616',
    'charts-green': '#89d185',
    'charts-red': '#f48771',
    'charts-purple': '#b180d7',
    'charts-yellow': '#ffd370',
    'charts-lines': 'rgba(255, 255, 255, 0.5)',
    'editorHoverWidget-background': '#0c141f',
    'editorHoverWidget-foreground': '#ffffff',
    'editorHoverWidget-border': '#6fc3df',
  },
}

export const curvesThemes = {
  dark: { ...themes.dark, ...charts.dark },
  light: { ...themes.light, ...charts.light },
  highContrast: { ...themes.highContrast, ...charts.highContrast },
}
