import type { Answer, Question } from '../../protocol/questions.ts'
import { checkText } from './check/checkText.ts'
import { answerImport } from './importPipeline.ts'
import { inspectDataset } from './inspectDataset.ts'
import { answerLayers } from './layers.ts'
import { answerSchedule } from './schedule.ts'
import type { Pairings } from './pairings.ts'
import { answerPicture } from './picture.ts'
import { answerPredictionPicture } from './predictionPicture.ts'

/** Everything that is answered by work; taking back a question is not. */
export type WorkQuestion = Exclude<Question, { type: 'cancel' }>

/** @throws UserError what is wrong with the files that the question is about */
export async function answerTo(question: WorkQuestion, pairings: Pairings): Promise<Answer> {
  switch (question.type) {
    case 'check': {
      const { id, file, text } = question
      return { id, type: 'check', problems: await checkText(file, text, pairings) }
    }
    case 'picture':
      return answerPicture(question, pairings)
    case 'prediction-picture':
      return answerPredictionPicture(question, pairings)
    case 'layers':
      return answerLayers(question, pairings)
    case 'schedule':
      return answerSchedule(question)
    case 'inspect':
      return inspectDataset(question)
    case 'import':
      return answerImport(question)
    default:
      return question satisfies never
  }
}
