import { box, useBox } from './store.js'

/** Cases that a supervisor picked in the list, for bulk work: ids, for as long as the page lives. */
const chosen = box<readonly string[]>([])
export const useChosen = (): readonly string[] => useBox(chosen)
export const choose = (id: string, wanted: boolean): void =>
  chosen.set(wanted ? [...chosen.get().filter((it) => it !== id), id] : chosen.get().filter((it) => it !== id))
export const chooseNone = (): void => chosen.set([])
