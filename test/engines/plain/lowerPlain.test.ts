import { lowerPlain } from '../../../src/engines/onnx/plain/lowerPlain.ts'
import { gradientChecks } from '../gradientChecks.ts'

gradientChecks('plain', lowerPlain)
