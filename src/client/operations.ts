import { routes } from './contract/routes.js'
import type { Http } from './http.js'
import type { CallOptions, Methods, OperationId } from './operation-types.js'

class Caller {
  constructor(protected readonly http: Http) {}
}

for (const id of Object.keys(routes) as OperationId[])
  Object.defineProperty(Caller.prototype, id, {
    value(this: { http: Http }, input?: object, options?: CallOptions) {
      return this.http.call(id, input, options)
    },
  })

/** Has each operation of the contract as a method, by its name there. */
export const Operations = Caller as unknown as new (http: Http) => Caller & Methods
