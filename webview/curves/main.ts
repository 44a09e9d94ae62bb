import 'uplot/dist/uPlot.min.css'
import './curves.css'
import './curvesView.ts'
import { installFrameProbe } from './frameProbe.ts'

installFrameProbe()
document.body.append(document.createElement('foldwise-curves'))
