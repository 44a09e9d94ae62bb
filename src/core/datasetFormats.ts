/** Every way in which a data set may lie on the disk, with what `dataset.images` and `dataset.masks` name in it. */
export const datasetFormats = {
  folders: 'One folder of images, one of PNG masks with the same file stems.',
  coco: 'A folder of images and a COCO JSON file of annotations (polygons, run lengths).',
  coco_panoptic: 'A folder of images and a COCO panoptic JSON file; its PNG files lie in the folder of the same name.',
} as const

export type DatasetFormatName = keyof typeof datasetFormats

export const datasetFormatNames = Object.keys(datasetFormats) as [DatasetFormatName, ...DatasetFormatName[]]
