import { serve } from '../storage/serve.js'
import { ArchiveFile, type ArchiveFileOptions } from './archive-file.js'

serve((options: ArchiveFileOptions) => new ArchiveFile(options))
