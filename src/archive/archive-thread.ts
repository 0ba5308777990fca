import { serve } from '../storage/serve.js'
import { ArchiveFile, type ArchiveFiles } from './archive-file.js'

serve((files: ArchiveFiles) => new ArchiveFile(files))
