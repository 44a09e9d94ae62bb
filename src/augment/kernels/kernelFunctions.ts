/** The functions of the *.as.ts beside it, which describe them; addresses are bytes of their memory. */
export interface KernelFunctions {
  setSource(
    image: number,
    mask: number,
    width: number,
    height: number,
    border: number,
    red: number,
    green: number,
    blue: number,
    label: number,
  ): void
  warpRow(xs: number, ys: number, count: number, imageTo: number, maskTo: number): void
  matrixRow(
    xs: number,
    ys: number,
    count: number,
    x0: number,
    y0: number,
    w0: number,
    dx: number,
    dy: number,
    dw: number,
  ): void
  walkPixels(
    colors: number,
    labels: number,
    start: number,
    rowStep: number,
    columnStep: number,
    height: number,
    width: number,
    colorsTo: number,
    labelsTo: number,
  ): void
  padSource(top: number, left: number, toHeight: number, toWidth: number, colorsTo: number, labelsTo: number): void
  resizeRows(
    source: number,
    bytes: number,
    rows: number,
    blended: number,
    places: number,
    height: number,
    width: number,
    to: number,
  ): void
  pickLabels(
    labels: number,
    sourceWidth: number,
    rows: number,
    columns: number,
    height: number,
    width: number,
    to: number,
  ): void
  addRows(sums: number, above: number, below: number, weight: number, count: number): void
  padImage(
    from: number,
    height: number,
    width: number,
    channels: number,
    radius: number,
    isMirrored: boolean,
    to: number,
    stride: number,
  ): void
  boxBlur(
    padded: number,
    stride: number,
    height: number,
    bytes: number,
    channels: number,
    side: number,
    columns: number,
    to: number,
  ): void
  convolve(
    padded: number,
    stride: number,
    height: number,
    bytes: number,
    groups: number,
    groupCount: number,
    taps: number,
    to: number,
  ): void
  sevenTaps(
    padded: number,
    stride: number,
    height: number,
    bytes: number,
    channels: number,
    w0: number,
    w1: number,
    w2: number,
    w3: number,
    columns: number,
    to: number,
  ): void
  symmetricBlur(
    padded: number,
    stride: number,
    height: number,
    bytes: number,
    channels: number,
    radius: number,
    half: number,
    columns: number,
    to: number,
  ): void
  median(
    padded: number,
    stride: number,
    height: number,
    bytes: number,
    channels: number,
    side: number,
    to: number,
  ): void
  lookUpChannels(from: number, to: number, pixels: number, tables: number): void
  scaleLevels(from: number, to: number, count: number, factor: number, added: number): void
  shiftChannels(from: number, to: number, count: number, shifts: number): void
  gray(from: number, to: number, pixels: number): void
  graySum(from: number, pixels: number): number
  saturate(from: number, to: number, pixels: number, by: number): void
  rgbToHsv(from: number, to: number, pixels: number): void
  hsvToRgb(from: number, to: number, pixels: number): void
  rgbToLab(from: number, to: number, pixels: number, weights: number, light: number, root: number): void
  labToRgb(from: number, to: number, pixels: number, roots: number, levels: number): void
}
