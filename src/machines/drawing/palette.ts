export type Theme = 'light' | 'dark'

/**
 * Colours by name, light and dark. In the picture each is a custom property with this as its fallback (`--wf-paper`), so a page that shows the
 * picture inline may set its own; there is no style element or attribute, which a strict content security policy would refuse.
 */
const COLOURS = {
  paper: ['#ffffff', '#12181b'],
  ink: ['#1b2529', '#e9eff0'],
  soft: ['#56646a', '#a3b1b6'],
  box: ['#ffffff', '#1c2529'],
  edge: ['#b4c0c4', '#46565d'],
  line: ['#7f8f95', '#71838a'],
  group: ['#f2f6f6', '#161f23'],
  us: ['#0b5c52', '#4fc3b1'],
  participant: ['#b26a00', '#f0b048'],
  over: ['#5b6770', '#93a3ab'],
  plain: ['#4d6a8f', '#8fb2de'],
  path: ['#0b5c52', '#4fc3b1'],
  passed: ['#dff1ec', '#15352f'],
  now: ['#0b5c52', '#4fc3b1'],
  nowInk: ['#ffffff', '#06201c'],
} as const
export type Colour = keyof typeof COLOURS

export const paint =
  (theme: Theme) =>
  (colour: Colour): string =>
    `var(--wf-${colour.replaceAll(/[A-Z]/g, (it) => `-${it.toLowerCase()}`)}, ${COLOURS[colour][theme === 'light' ? 0 : 1]})`
export type Paint = ReturnType<typeof paint>
