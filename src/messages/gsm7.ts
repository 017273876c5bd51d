/** The basic table of GSM 03.38, and what costs two places because it is escaped. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const ESCAPED = '^{}\\[~]|€\f'

/** How many of the 160 places of one SMS a text takes; null when the alphabet lacks a character. */
export function gsm7Length(text: string): number | null {
  let length = 0
  for (const char of text) {
    if (BASIC.includes(char)) length += 1
    else if (ESCAPED.includes(char)) length += 2
    else return null
  }
  return length
}
