import { lowerPlain } from '../../../src/engines/onnx/plain/lowerPlain.ts'
import { gradientChecks } from '../gradientChecks.ts'
import { runLowered } from '../runLowered.ts'

gradientChecks('plain', (program, feeds) => runLowered(lowerPlain(program), feeds))
