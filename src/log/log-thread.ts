import { serve } from '../storage/serve.js'
import { LogFile, type LogFiles } from './log-file.js'

serve((files: LogFiles) => new LogFile(files))
