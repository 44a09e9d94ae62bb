import './overlay.css'
import './overlayView.ts'

document.body.append(document.createElement('foldwise-overlay'))
