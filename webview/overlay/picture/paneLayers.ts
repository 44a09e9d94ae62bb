import { possibleKinds } from '../model/errorKinds.ts'
import type { PaneName } from '../model/viewState.ts'
import type { PaneLayer } from './drawPane.ts'
import { hatchingTile } from './hatching.ts'
import type { Picture, Predictor } from './picture.ts'

/** How the label maps are shown. */
export interface LayerStyle {
  readonly opacity: number
  /** For each class whether it is shown. */
  readonly shown: readonly boolean[]
  readonly predictor: Predictor
  /** Errors are told apart by lines as well as by colours. */
  readonly isHatched: boolean
}

/** What lies over each other in a pane; undefined where what the pane is for does not exist. */
export function paneLayers(picture: Picture, pane: PaneName, style: LayerStyle): readonly PaneLayer[] | undefined {
  const { opacity, shown, predictor } = style
  switch (pane) {
    case 'image':
      return [photo(picture.photo)]
    case 'truth':
      return over(picture.photo, picture.labelPainting('truth', shown), opacity)
    case 'prediction':
      return over(picture.photo, picture.labelPainting(predictor, shown), opacity)
    case 'errors': {
      const layers = over(picture.greyPhoto, picture.errorPainting(predictor, shown), opacity)
      return layers === undefined || !style.isHatched ? layers : [...layers, ...hatched(picture, style)]
    }
    default:
      return pane satisfies never
  }
}

function photo(source: CanvasImageSource): PaneLayer {
  return { source, opacity: 1, isLabels: false }
}

function over(
  photograph: CanvasImageSource,
  labels: CanvasImageSource | undefined,
  opacity: number,
): readonly PaneLayer[] | undefined {
  return labels === undefined ? undefined : [photo(photograph), { source: labels, opacity, isLabels: true }]
}

function hatched(picture: Picture, { opacity, shown, predictor }: LayerStyle): readonly PaneLayer[] {
  return possibleKinds(shown, picture.hasIgnored).flatMap((kind) => {
    const tile = hatchingTile(kind)
    const source = tile && picture.errorMask(kind, predictor, shown)
    return source === undefined ? [] : [{ source, opacity, isLabels: true, tile }]
  })
}
