/** Every way in which a data set may lie on the disk, with what `dataset.images` and `dataset.masks` name in it. */
export const datasetFormats = {
  folders: 'One folder of images, one of PNG masks with the same file stems.',
  coco: 'A folder of images and a COCO JSON file of annotations (polygons, run lengths).',
  coco_panoptic: 'A folder of images and a COCO panoptic JSON file; its PNG files lie in the folder of the same name.',
  rle_csv:
    'A folder of images and a CSV file as on Kaggle: ImageId, EncodedPixels (pairs of start and length, from 1, down the columns), a class column or none.',
  instance_folders:
    'A folder per image with images/ (one file) and masks/ (a PNG per object), as in the Data Science Bowl 2018; images and masks name the folder above.',
  voc: 'The layout of PASCAL VOC: JPEGImages and SegmentationClass; lists in ImageSets/Segmentation say which images are used.',
  cityscapes:
    'The layout of Cityscapes: leftImg8bit and gtFine; labelTrainIds, labelIds or colours are read as the 19 train ids.',
  labelme: 'A folder of images and a folder of LabelMe JSON files, one per image; both may be the same.',
} as const

export type DatasetFormatName = keyof typeof datasetFormats

export const datasetFormatNames = Object.keys(datasetFormats) as [DatasetFormatName, ...DatasetFormatName[]]
