/** How people of a region are named; picked for most of those whose NIK begins there. */
export type Naming =
  | 'jawa'
  | 'sunda'
  | 'batak'
  | 'minang'
  | 'melayu'
  | 'aceh'
  | 'bali'
  | 'bugis'
  | 'minahasa'
  | 'timur'
  | 'papua'
  | 'tionghoa'

export interface Region {
  /** Province and regency or city, as a NIK begins (Kemendagri codes). */
  readonly code: string
  readonly name: string
  readonly naming: Naming
  /** Relative number of synthetic participants: more where more people work. */
  readonly weight: number
}

const region = (code: string, name: string, naming: Naming, weight = 1): Region => ({ code, name, naming, weight })

export const REGIONS: readonly Region[] = [
  region('1171', 'Kota Banda Aceh', 'aceh', 2),
  region('1271', 'Kota Medan', 'batak', 6),
  region('1207', 'Kabupaten Deli Serdang', 'batak', 3),
  region('1371', 'Kota Padang', 'minang', 3),
  region('1471', 'Kota Pekanbaru', 'melayu', 3),
  region('1571', 'Kota Jambi', 'melayu'),
  region('1671', 'Kota Palembang', 'melayu', 3),
  region('1771', 'Kota Bengkulu', 'melayu'),
  region('1871', 'Kota Bandar Lampung', 'jawa', 2),
  region('1971', 'Kota Pangkalpinang', 'tionghoa'),
  region('2171', 'Kota Batam', 'melayu', 3),
  region('3171', 'Kota Jakarta Pusat', 'jawa', 4),
  region('3172', 'Kota Jakarta Utara', 'tionghoa', 4),
  region('3173', 'Kota Jakarta Barat', 'tionghoa', 4),
  region('3174', 'Kota Jakarta Selatan', 'jawa', 6),
  region('3175', 'Kota Jakarta Timur', 'jawa', 6),
  region('3201', 'Kabupaten Bogor', 'sunda', 5),
  region('3216', 'Kabupaten Bekasi', 'sunda', 6),
  region('3273', 'Kota Bandung', 'sunda', 6),
  region('3275', 'Kota Bekasi', 'sunda', 5),
  region('3322', 'Kabupaten Semarang', 'jawa', 3),
  region('3372', 'Kota Surakarta', 'jawa', 3),
  region('3374', 'Kota Semarang', 'jawa', 5),
  region('3404', 'Kabupaten Sleman', 'jawa', 3),
  region('3471', 'Kota Yogyakarta', 'jawa', 3),
  region('3515', 'Kabupaten Sidoarjo', 'jawa', 4),
  region('3573', 'Kota Malang', 'jawa', 3),
  region('3578', 'Kota Surabaya', 'jawa', 6),
  region('3671', 'Kota Tangerang', 'sunda', 5),
  region('3673', 'Kota Serang', 'sunda', 2),
  region('5103', 'Kabupaten Badung', 'bali', 2),
  region('5171', 'Kota Denpasar', 'bali', 3),
  region('5271', 'Kota Mataram', 'melayu', 2),
  region('5371', 'Kota Kupang', 'timur', 2),
  region('6171', 'Kota Pontianak', 'tionghoa', 2),
  region('6271', 'Kota Palangka Raya', 'melayu'),
  region('6371', 'Kota Banjarmasin', 'melayu', 2),
  region('6471', 'Kota Balikpapan', 'bugis', 2),
  region('6472', 'Kota Samarinda', 'melayu', 2),
  region('6571', 'Kota Tarakan', 'bugis'),
  region('7171', 'Kota Manado', 'minahasa', 2),
  region('7271', 'Kota Palu', 'bugis'),
  region('7306', 'Kabupaten Gowa', 'bugis', 2),
  region('7371', 'Kota Makassar', 'bugis', 4),
  region('7471', 'Kota Kendari', 'bugis'),
  region('7571', 'Kota Gorontalo', 'minahasa'),
  region('8171', 'Kota Ambon', 'timur'),
  region('8271', 'Kota Ternate', 'melayu'),
  region('9171', 'Kota Jayapura', 'papua', 2),
  region('9301', 'Kabupaten Merauke', 'papua'),
  region('9401', 'Kabupaten Nabire', 'papua'),
  region('9501', 'Kabupaten Jayawijaya', 'papua'),
  region('9671', 'Kota Sorong', 'papua'),
]
