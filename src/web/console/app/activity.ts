/** When the person last did something here, on the browser's own steady clock. */
let lastAt = performance.now()
const listeners = new Set<() => void>()
const did = (): void => {
  lastAt = performance.now()
  for (const it of listeners) it()
}
for (const event of ['pointerdown', 'keydown', 'wheel']) addEventListener(event, did, { capture: true, passive: true })

export const recentlyUsed = (withinMs: number): boolean => performance.now() - lastAt < withinMs
export function onActivity(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
