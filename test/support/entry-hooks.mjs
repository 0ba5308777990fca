/** Lets Node.js load a compiled file where it is told to run a source. What that imports is compiled, and beside it. */

/** @type {{ sources: string, dist: string }} Addresses of the two folders. */
let folders

/** @param {typeof folders} data */
export function initialize(data) {
  folders = data
}

/**
 * @param {string} specifier
 * @param {{ parentURL?: string }} context
 * @param {(specifier: string, context: object) => Promise<object>} next
 */
export function resolve(specifier, context, next) {
  const { sources, dist } = folders
  const isEntry = context.parentURL === undefined && specifier.startsWith(sources) && specifier.endsWith('.ts')
  return next(isEntry ? `${dist}${specifier.slice(sources.length, -'.ts'.length)}.js` : specifier, context)
}
