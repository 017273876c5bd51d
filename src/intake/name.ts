import { bad, good, type Checked } from './checked.js'
import { holdsHidden } from './text.js'

/** A name of one letter exists; one of two lines of a KTP does too, one longer than 100 characters does not. */
const LONGEST = 100
/** The KTP is written in Latin letters; accents may come composed or apart. */
const AS_ON_KTP = /^[\p{Script=Latin}][\p{Script=Latin}\p{M} '.,-]*$/u
/** Letters carry an accent or two; a pile of marks is no name. */
const PILED_MARKS = /\p{M}{3}/u

/**
 * A name as on the KTP: NFC, single spaces, typographic apostrophes as plain ones. Text, never markup; nothing that could start another
 * line of a message (R-MAIL-1). Codes: name_missing, name_length, name_characters.
 */
export function checkName(text: string): Checked {
  if (text.length > 4 * LONGEST) return bad('name_length')
  if (holdsHidden(text)) return bad('name_characters')
  const name = text
    .normalize('NFC')
    .replaceAll(/[\u2018\u2019\u02bc\u00b4`]/g, "'")
    .replaceAll(/\p{Zs}+/gu, ' ')
    .trim()
  if (name === '') return bad('name_missing')
  if (name.length > LONGEST) return bad('name_length')
  return AS_ON_KTP.test(name) && !PILED_MARKS.test(name) ? good(name) : bad('name_characters')
}
