import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** A core each, so that the load never takes time from the server that it measures. */
const cores = { server: '0', load: '1' }
/** Open files that ten thousand connections ask for, with room to spare. */
const openFiles = 65_536
/** Files that a process opens beside its connections. */
const otherFiles = 200
/** Clock ticks of /proc in a second; the same on every Linux that Node runs on. */
const ticks = 100
const kibibyte = 1024

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

/** Puts this process, which makes the load, on its core and lets it open many files. @returns what could not be had */
export function prepareMachine(): string[] {
  const notes: string[] = []
  const self = String(process.pid)
  if (!canPin || spawnSync('taskset', ['-a', '-c', '-p', cores.load, self]).status !== 0)
    notes.push(
      'Nothing is pinned to a core (no second core, or no `taskset`): load and server take time from each other.',
    )
  spawnSync('prlimit', [`--pid=${self}`, `--nofile=${openFiles}`])
  if (cpuSeconds(process.pid) === undefined)
    notes.push('There is no /proc here, so no CPU time and no memory of servers.')
  return notes
}

/** The command that runs a program, Node if none is named, on the core of the servers. */
export function onServerCore(args: readonly string[], program = process.execPath): [command: string, args: string[]] {
  return canPin ? ['taskset', ['-c', cores.server, program, ...args]] : [program, [...args]]
}

/** The CPU time that a process has taken so far, in user and system mode, all threads; undefined without /proc. */
export function cpuSeconds(pid: number): number | undefined {
  const stat = procFile(pid, 'stat')
  if (stat === undefined) return undefined
  const precise = scheduledSeconds(pid)
  if (precise > 0) return precise
  // proc(5): the name in brackets may hold anything; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticks
}

/** The same in nanoseconds rather than ticks, where the kernel counts them; 0 where it does not. */
function scheduledSeconds(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const times = threads.map((thread) => Number(procFile(pid, `task/${thread}/schedstat`)?.split(' ', 1)[0] ?? 0))
    return times.reduce((sum, time) => sum + time, 0) / 1e9
  } catch {
    return 0
  }
}

/** The processes that one has started; none without /proc. */
export const childrenOf = (pid: number): number[] =>
  (procFile(pid, `task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number)

/** The resident memory of a process in bytes; undefined without /proc. */
export function residentBytes(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(procFile(pid, 'status') ?? '')?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * kibibyte
}

/** Connections that the files allow which this process may open, and so may its children; no bound if that is not known. */
export function mostConnections(): number {
  const limit = /^Max open files\s+(\d+)/m.exec(procFile(process.pid, 'limits') ?? '')?.[1]
  return limit === undefined ? Infinity : Number(limit) - otherFiles
}

function procFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return undefined
  }
}
