import { serve } from '../storage/serve.js'
import type { ArchiveFiles } from './archive-file.js'
import { ArchiveReader } from './archive-reader.js'

serve((files: ArchiveFiles) => new ArchiveReader(files))
