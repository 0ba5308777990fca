import { componentName, operationsOf, type OpenApi, type Operation, type Parameter } from './openapi-object.js'

/** The plugin drops what stands beside a `$ref`; a parameter that is one is described by what it refers to. */
export function describeParameters(document: OpenApi): void {
  const { schemas } = document.components
  for (const parameter of operationsOf(document).flatMap(parametersOf)) {
    const { description, examples } = schemas[parameter.schema.$ref?.split('/').at(-1) ?? ''] ?? {}
    if (examples) parameter.example ??= examples[0]
    if (description !== undefined) parameter.description ??= description
  }
}

/** Makes a component of each parameter that several operations have alike. */
export function shareParameters(document: OpenApi): void {
  const all = operationsOf(document).flatMap(parametersOf).map(textOf)
  const isShared = (text: string): boolean => all.indexOf(text) !== all.lastIndexOf(text)
  const shared = new Map(all.filter(isShared).map((text) => [nameOf(text), text]))
  for (const operation of operationsOf(document))
    operation.parameters = parametersOf(operation).map((parameter) => {
      const text = textOf(parameter)
      return shared.get(nameOf(text)) === text ? { $ref: `#/components/parameters/${nameOf(text)}` } : parameter
    })
  const components = [...shared].map(([name, text]) => [name, JSON.parse(text) as Parameter])
  document.components.parameters = Object.fromEntries(components) as Record<string, Parameter>
}

/** Those that an operation has itself: all of them, until some are shared. */
const parametersOf = ({ parameters = [] }: Operation): Parameter[] =>
  parameters.filter((parameter): parameter is Parameter => 'name' in parameter)

const textOf = (parameter: Parameter): string => JSON.stringify(parameter)

const nameOf = (text: string): string => `${componentName((JSON.parse(text) as Parameter).name)}Parameter`
