import { lowerGpu } from '../../../src/engines/onnx/gpu/lowerGpu.ts'
import { autocastChecks } from '../autocastChecks.ts'
import { gradientChecks } from '../gradientChecks.ts'
import { runLowered } from '../runLowered.ts'

// The forms for graphics cards are standard operators: what they compute shows on any provider.
gradientChecks('gpu', (program, feeds) => runLowered(lowerGpu(program), feeds))
// The CPU's provider refuses bfloat16, and takes float16 for float32: what shows is that the types fit and the forms are right.
autocastChecks('gpu', (program, feeds) => runLowered(lowerGpu(program), feeds), ['float16'])
