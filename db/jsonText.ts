const texts = new WeakMap<object, string>()

/** Makes the JSON text of a value before it is written; the value must not change any more. The text is let go with it. */
export function jsonAhead(value: object): void {
  texts.set(value, JSON.stringify(value))
}

/** The JSON text of a value: the one made ahead, where there is one. */
export const jsonText = (value: unknown): string =>
  (typeof value === 'object' && value !== null ? texts.get(value) : undefined) ?? JSON.stringify(value)
