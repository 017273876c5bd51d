const DEVICE = /^[A-Za-z0-9_-]{16,128}$/

/** Has it the form of an id that a device is known by? Whoever keeps or counts one keeps its keyed hash. */
export const isDeviceId = (text: string): boolean => DEVICE.test(text)
