import type { Label } from '../machines/ticketType.js'

export interface ProblemText {
  readonly title: Label
  readonly detail: Label
}
export const text = (titleId: string, detailId: string, titleEn: string, detailEn: string): ProblemText => ({
  title: { id: titleId, en: titleEn },
  detail: { id: detailId, en: detailEn },
})
