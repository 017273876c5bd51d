import { z } from 'zod'
import { CAUSES, CHECKLIST_ITEMS, ROUTES } from '../../machines/pengaduan/events.js'
import type { Label } from '../../machines/ticketType.js'

export const ChecklistItem = z.enum(CHECKLIST_ITEMS)
export type ChecklistItem = z.infer<typeof ChecklistItem>

/** What of a case its checklist depends on. */
export interface CaseFacts {
  readonly route: string
  readonly cause: string | null
  readonly elevated: boolean
  /** A KPJ was declared; it may be left out (R41). */
  readonly kpj: boolean
}

const Rule = z.strictObject({
  /** All of what is named must fit. */
  when: z.strictObject({
    route: z.enum(ROUTES).optional(),
    cause: z.enum(CAUSES).optional(),
    elevated: z.literal(true).optional(),
    kpj: z.literal(true).optional(),
  }),
  items: z.array(ChecklistItem).min(1),
  /** Why, as an id of the requirements. */
  source: z.string(),
})
const ChecklistPolicy = z.strictObject({ version: z.int().min(1), rules: z.array(Rule).min(1) })
export type ChecklistPolicy = z.infer<typeof ChecklistPolicy>

/**
 * What an officer must have ticked before an identity counts as verified (R10). Versions are never changed once a case was decided
 * by them: another demand is another version. `KARTU_COCOK` and `HRD_KONFIRMASI` are asked of nobody: they are further evidence (R19, R46).
 */
export const CHECKLISTS: readonly ChecklistPolicy[] = z.array(ChecklistPolicy).parse([
  {
    version: 1,
    rules: [
      { when: {}, items: ['KTP_COCOK', 'NAMA_COCOK', 'NIK_COCOK', 'TANGGAL_LAHIR_COCOK'], source: 'R10, R54' },
      { when: { kpj: true }, items: ['KPJ_COCOK'], source: 'R42' },
      { when: { route: 'kantor_cabang' }, items: ['ASLI_DILIHAT', 'WAJAH_COCOK'], source: 'R60, R61' },
      { when: { cause: 'DIBUAT_HR' }, items: ['KEPEMILIKAN_AKUN'], source: 'R24' },
      { when: { elevated: true }, items: ['RISIKO_DITINJAU'], source: 'R-RISK-1' },
    ],
  },
])

/** The checklist in force. */
export function currentChecklist(): ChecklistPolicy {
  const newest = CHECKLISTS.at(-1)
  if (newest === undefined) throw new TypeError('there is no checklist')
  return newest
}

/** Every item that a case needs, each once, in the order of the rules. */
export function itemsFor(facts: CaseFacts, policy: ChecklistPolicy = currentChecklist()): readonly ChecklistItem[] {
  const fits = ({ when }: ChecklistPolicy['rules'][number]) =>
    (when.route === undefined || when.route === facts.route) &&
    (when.cause === undefined || when.cause === facts.cause) &&
    (when.elevated === undefined || facts.elevated) &&
    (when.kpj === undefined || facts.kpj)
  return [...new Set(policy.rules.filter(fits).flatMap((rule) => rule.items))]
}

export const ITEM_LABELS: Readonly<Record<ChecklistItem, Label>> = {
  KTP_COCOK: { id: 'KTP terbaca dan sah, milik pengaju', en: 'The KTP is readable, valid and the filer’s own' },
  NAMA_COCOK: { id: 'Nama sesuai KTP dan data kepesertaan', en: 'The name matches KTP and membership records' },
  NIK_COCOK: { id: 'NIK sesuai KTP dan data kepesertaan', en: 'The NIK matches KTP and membership records' },
  KPJ_COCOK: { id: 'Nomor KPJ milik peserta ini', en: 'The KPJ number is this participant’s' },
  TANGGAL_LAHIR_COCOK: {
    id: 'Tanggal lahir sesuai KTP dan data kepesertaan',
    en: 'The date of birth matches KTP and membership records',
  },
  KARTU_COCOK: { id: 'Kartu BPJS Ketenagakerjaan sesuai', en: 'The BPJS Ketenagakerjaan card matches' },
  HRD_KONFIRMASI: { id: 'HRD mengonfirmasi kepesertaan', en: 'The employer’s HR confirmed the membership' },
  ASLI_DILIHAT: { id: 'KTP asli dilihat petugas', en: 'The original KTP was seen by an officer' },
  WAJAH_COCOK: { id: 'Wajah pengaju sesuai foto KTP', en: 'The person’s face matches the picture on the KTP' },
  KEPEMILIKAN_AKUN: {
    id: 'Akun yang dibuat HRD dipastikan milik peserta sendiri',
    en: 'An account opened by HR was made sure to be the participant’s own',
  },
  RISIKO_DITINJAU: {
    id: 'Setiap alasan risiko ditinjau dan dapat dijelaskan',
    en: 'Every reason for risk was looked at and can be explained',
  },
}
