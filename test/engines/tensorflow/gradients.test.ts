import { autocastChecks } from '../autocastChecks.ts'
import { halfTypes } from '../gradientCases/half.ts'
import { gradientChecks } from '../gradientChecks.ts'
import { javascriptBackend } from './javascriptBackend.ts'
import { runInterpreted } from './runInterpreted.ts'

const tf = await javascriptBackend()
gradientChecks('TensorFlow.js in JavaScript', (program, feeds) => runInterpreted(tf, program, feeds))
autocastChecks('TensorFlow.js in JavaScript', (program, feeds) => runInterpreted(tf, program, feeds), halfTypes)
