import { lowerGpu } from '../../../src/engines/onnx/gpu/lowerGpu.ts'
import { gradientChecks } from '../gradientChecks.ts'

// The forms for graphics cards are standard operators: what they compute shows on any provider.
gradientChecks('gpu', lowerGpu)
