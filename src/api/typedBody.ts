import type { JsonObject } from './context.js'

/** The JSON Schema of a body `{type: name, ...payload}`. */
export function typedBody(name: string, payload: JsonObject): JsonObject {
  const { properties, required, ...rest } = payload
  return {
    ...rest,
    title: name,
    type: 'object',
    properties: { type: { const: name }, ...(properties ?? {}) },
    required: ['type', ...(Array.isArray(required) ? (required as string[]) : [])],
  }
}
