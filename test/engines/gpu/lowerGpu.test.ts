import { lowerGpu } from '../../../src/engines/onnx/gpu/lowerGpu.ts'
import { gradientChecks } from '../gradientChecks.ts'
import { runLowered } from '../runLowered.ts'

// The forms for graphics cards are standard operators: what they compute shows on any provider.
gradientChecks('gpu', (program, feeds) => runLowered(lowerGpu(program), feeds))
