import type { Conditions } from '../../../core/merge.ts'
import { nearestNames } from '../../../core/nearest.ts'
import { encoders } from '../../../model/encoders/registry.ts'
import { encodersWith } from '../../../model/pretrained.ts'
import type { Finding } from './finding.ts'
import { valueAt } from './valueAt.ts'

export const weightsPath = ['model', 'encoder_weights']
export const encoderPath = ['model', 'encoder_name']

/** Pretrained weights that the encoder does not have. */
export function encoderWeightFindings(conditions: Conditions): readonly Finding[] {
  const [name, weights] = [valueAt(conditions, encoderPath), valueAt(conditions, weightsPath)]
  if (typeof name !== 'string' || typeof weights !== 'string' || !encoders.names.includes(name)) return []
  const { weights: available } = encoders.get(name)
  if (available.includes(weights)) return []
  const others = encodersWith(weights, name)
  const near = nearestNames(weights, available)
  const has = available.length === 0 ? 'It has none' : `It has: ${available.join(', ')}`
  return [
    {
      path: weightsPath,
      mark: 'value',
      message: `"${weights}" does not exist for encoder "${name}". ${has}.${othersText(weights, others)}`,
      code: 'unknown-weights',
      replacements: [
        ...[...near, ...available.filter((each) => !near.includes(each))].map((each) => JSON.stringify(each)),
        'null',
      ],
    },
  ]
}

/** The same where the weights are inherited and the text names the encoder: another encoder mends it. */
export function atEncoder(finding: Finding, conditions: Conditions): Finding {
  const [name, weights] = [valueAt(conditions, encoderPath), valueAt(conditions, weightsPath)]
  const others = encodersWith(String(weights), String(name))
  return { ...finding, path: encoderPath, replacements: others.map((each) => JSON.stringify(each)) }
}

function othersText(weights: string, others: readonly string[]): string {
  return others.length === 0 ? '' : ` Nearest encoders with ${weights}: ${others.join(', ')}.`
}
