import { nearestName } from './nearest.ts'

/**
 * What other libraries call it, in lower case without `_` and `-`, and ours; several where it depends on the place. Of torch,
 * Keras, Lightning, MONAI, MMSegmentation, timm and albumentations.
 */
const otherSpellings: Readonly<Record<string, readonly string[]>> = {
  // Training
  learningrate: ['lr'],
  baselr: ['lr'],
  initiallr: ['lr'],
  maxlr: ['max_lr', 'lr'],
  minlr: ['min_lr', 'eta_min'],
  decay: ['weight_decay'],
  l2: ['weight_decay'],
  wd: ['weight_decay'],
  epsilon: ['eps'],
  beta1: ['betas'],
  beta2: ['betas'],
  numepochs: ['epochs'],
  nepochs: ['epochs'],
  maxepochs: ['epochs'],
  randomstate: ['seed'],
  randomseed: ['seed'],
  gradientclipval: ['clip_grad_norm'],
  clipgradnorm: ['clip_grad_norm'],
  maxgradnorm: ['clip_grad_norm'],
  clipnorm: ['clip_grad_norm'],
  gradientaccumulationsteps: ['accumulate_grad_batches'],
  accumulationsteps: ['accumulate_grad_batches'],
  accumsteps: ['accumulate_grad_batches'],
  bs: ['batch_size'],
  trainbatchsize: ['batch_size'],
  samplesperbatch: ['batch_size'],
  imgsize: ['image_size'],
  inputsize: ['image_size'],
  inputshape: ['image_size'],
  imageshape: ['image_size'],
  resize: ['image_size'],
  earlystop: ['early_stopping'],
  mindelta: ['min_delta'],
  freezeencoder: ['freeze_encoder_epochs'],
  freezebackbone: ['freeze_encoder_epochs'],
  freezebn: ['freeze_batchnorm'],
  metric: ['monitor'],
  // Networks
  architecture: ['arch'],
  decoder: ['arch'],
  modelname: ['arch'],
  backbone: ['encoder_name'],
  backbonename: ['encoder_name'],
  encoder: ['encoder_name'],
  pretrained: ['encoder_weights'],
  weights: ['encoder_weights', 'class_weights', 'weight'],
  depth: ['encoder_depth'],
  inchans: ['in_channels'],
  inputchannels: ['in_channels'],
  outputstride: ['encoder_output_stride'],
  'unet++': ['UnetPlusPlus'],
  'deeplabv3+': ['DeepLabV3Plus'],
  // Losses
  classweight: ['class_weights'],
  focalalpha: ['alpha'],
  focalgamma: ['gamma'],
  smoothnr: ['smooth'],
  smoothing: ['label_smoothing', 'smooth_factor'],
  labelsmoothing: ['smooth_factor'],
  smoothfactor: ['label_smoothing'],
  ignoreindex: ['ignore_index'],
  threshold: ['thresh'],
  ce: ['CrossEntropyLoss'],
  sparsecategoricalcrossentropy: ['CrossEntropyLoss'],
  categoricalcrossentropy: ['CrossEntropyLoss'],
  bceloss: ['SoftBCEWithLogitsLoss'],
  bcewithlogitsloss: ['SoftBCEWithLogitsLoss'],
  binarycrossentropy: ['SoftBCEWithLogitsLoss'],
  iouloss: ['JaccardLoss'],
  // Schedules
  tmax: ['T_max'],
  t0: ['T_0'],
  firstcyclesteps: ['first_cycle_steps', 'T_0'],
  cosine: ['CosineAnnealingLR'],
  poly: ['PolynomialLR'],
  polylr: ['PolynomialLR'],
  plateau: ['ReduceLROnPlateau'],
  // Transforms
  prob: ['p'],
  probability: ['p'],
  alwaysapply: ['p'],
  fillvalue: ['fill'],
  value: ['fill'],
  maskfillvalue: ['fill_mask'],
  maskvalue: ['fill_mask'],
  fliplr: ['HorizontalFlip'],
  flipud: ['VerticalFlip'],
  hflip: ['HorizontalFlip'],
  vflip: ['VerticalFlip'],
}

/** The allowed name of what another library calls so. */
export function otherSpelling(word: string, allowed: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replaceAll(/[_-]/g, '')
  return Object.hasOwn(otherSpellings, plain) ? otherSpellings[plain].find((name) => allowed.includes(name)) : undefined
}

/** The allowed name that was most likely meant: what another library calls it, else the nearest in letters. */
export function meantName(word: string, allowed: readonly string[]): string | undefined {
  return otherSpelling(word, allowed) ?? nearestName(word, allowed)
}
