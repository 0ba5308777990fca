/** What the operating system says, in words. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'it is on a disk that can only be read',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'there is a file of that name',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full for this user',
  EMFILE: 'this process has too many files open',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk fails',
}

/** Whether an error is one of the operating system. */
export const isOfSystem = (error: unknown): boolean => codeOf(error) in reasons

/** Why something could not be done, for people. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error)
  return reasons[code] ?? (error as Error).message
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''
