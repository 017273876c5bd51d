import type { Office, Unit } from '../../src/engine/types.js'

/** Example offices in the three zones; digital tickets belong to `pusat` until they are referred (D25). */
export const offices: readonly Office[] = [
  { id: 'pusat', name: 'Unit Layanan Digital Pusat', unitId: 'layanan-digital', calendarId: 'pusat', kind: 'pusat' },
  {
    id: 'cabang-jakarta',
    name: 'Kantor Cabang Jakarta (contoh)',
    unitId: 'cabang-jakarta',
    calendarId: 'pusat',
    kind: 'cabang',
  },
  {
    id: 'cabang-makassar',
    name: 'Kantor Cabang Makassar (contoh)',
    unitId: 'cabang-makassar',
    calendarId: 'wita',
    kind: 'cabang',
  },
  {
    id: 'cabang-jayapura',
    name: 'Kantor Cabang Jayapura (contoh)',
    unitId: 'cabang-jayapura',
    calendarId: 'wit',
    kind: 'cabang',
  },
]

export const units: readonly Unit[] = [
  { id: 'layanan-digital', name: 'Unit Layanan Digital' },
  ...offices.filter((it) => it.kind === 'cabang').map(({ unitId, name }) => ({ id: unitId, name: `Unit ${name}` })),
]
