import { lowerPlain } from '../../../src/engines/onnx/plain/lowerPlain.ts'
import { autocastChecks } from '../autocastChecks.ts'
import { gradientChecks } from '../gradientChecks.ts'
import { halfTypes } from '../gradientCases/half.ts'
import { runLowered } from '../runLowered.ts'

gradientChecks('plain', (program, feeds) => runLowered(lowerPlain(program), feeds))
autocastChecks('plain', (program, feeds) => runLowered(lowerPlain(program), feeds), halfTypes)
