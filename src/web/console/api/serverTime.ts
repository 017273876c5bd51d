/** The service's time, not this computer's: epoch ms by the Date of its last answer, run on by the browser's own steady clock. */
let offset = performance.timeOrigin

export const serverTime = {
  now: (): number => offset + performance.now(),
  heard(date: string | null): void {
    const at = date === null ? Number.NaN : Date.parse(date)
    if (!Number.isNaN(at)) offset = at - performance.now()
  },
}
