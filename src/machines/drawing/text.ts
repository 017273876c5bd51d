/** Widths of letters in parts of the font size, from the widest of the usual sans-serif faces: what is measured is never too short. */
const NARROW = /[ijlrtfI.,:;'!|()[\] ·-]/
const WIDE = /[mwMW@%↻—–]/
const TALL = /[A-Z0-9&+=<>~]/
const widthOf = (letter: string): number =>
  NARROW.test(letter) ? 0.39 : WIDE.test(letter) ? 0.98 : TALL.test(letter) ? 0.76 : 0.62

/** How wide a text is at most, in the unit of `size`. */
export const measure = (text: string, size: number): number =>
  Array.from(text).reduce((sum, letter) => sum + widthOf(letter) * size, 0)

/** The text in lines that fit; a word too long for a line is cut with a hyphen. */
export function wrap(text: string, size: number, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/ +/).flatMap((it) => pieces(it, size, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && measure(longer, size) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return line === '' ? lines : [...lines, line]
}

function pieces(word: string, size: number, width: number): readonly string[] {
  if (measure(word, size) <= width) return [word]
  const letters = Array.from(word)
  let fit = 1
  while (measure(`${letters.slice(0, fit + 1).join('')}-`, size) <= width) fit += 1
  return [`${letters.slice(0, fit).join('')}-`, ...pieces(letters.slice(fit).join(''), size, width)]
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** A text as it may stand in XML, in an element or an attribute. */
export const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (it) => ENTITIES[it] ?? it)
