const PATHS = {
  stop: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 4.5v4.2M8 11.2v.3',
  warn: 'M8 1.8 15 14.2H1L8 1.8ZM8 6v4M8 12v.3',
  clock: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 4.5V8l2.6 1.7',
  check: 'M2.5 8.5 6.3 12.3 13.5 4.2',
  equal: 'M3 6h10M3 10h10',
  differs: 'M3 6h10M3 10h10M11 2.5 5 13.5',
  unknown: 'M5.2 5.8a2.8 2.8 0 1 1 4.2 2.4c-.9.5-1.4 1-1.4 2M8 12.6v.3',
  person: 'M8 8.2a3.1 3.1 0 1 0 0-6.2 3.1 3.1 0 0 0 0 6.2ZM2 14.5c.7-3 3.1-4.3 6-4.3s5.3 1.3 6 4.3',
  lock: 'M3.5 7.5h9v6.5h-9ZM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4',
  flag: 'M3.5 14.5V2M3.5 2.5h9l-2 3 2 3h-9',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  calendar: 'M2.5 3.5h11v10h-11ZM2.5 6.7h11M5.5 1.5v3M10.5 1.5v3',
} as const
export type IconName = keyof typeof PATHS

/** Stands beside words and says nothing by itself. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
)
