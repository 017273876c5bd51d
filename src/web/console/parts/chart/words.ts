import { catalogue } from '../../words/index.js'

export const chartWords = catalogue({
  id: { numbers: 'Tabel angka', day: 'Hari', marks: 'Keterangan tanda' },
  en: { numbers: 'Table of numbers', day: 'Day', marks: 'What the marks mean' },
})
