const OTHER_DIGITS = /[^\P{Nd}0-9]/gu
const digitOf = new Map<string, string>()

/** A digit of any script as 0-9. Unicode lays the ten digits of a script out in a row, so the distance to the row's zero is the value. */
function asciiDigit(char: string): string {
  let digit = digitOf.get(char)
  if (digit === undefined) {
    const code = char.codePointAt(0) ?? 0
    let zero = code
    while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--
    digit = String(code - zero)
    digitOf.set(char, digit)
  }
  return digit
}

/** Digits of every script, full-width ones among them, as 0-9; everything else as it was. */
export const withAsciiDigits = (text: string): string => text.replaceAll(OTHER_DIGITS, asciiDigit)

/** How people group the digits of a number: spaces, dots and dashes. */
const GROUPING = /[\p{Zs}\t.\p{Pd}]/gu
/** More than any number with its grouping takes; longer text is not looked at. */
const LONGEST = 64

/** The digits of a number as people write it; null when something else is among them, or too much of it. */
export function digitsOf(text: string): string | null {
  if (text.length > LONGEST) return null
  const digits = withAsciiDigits(text).replaceAll(GROUPING, '')
  return /^[0-9]*$/.test(digits) ? digits : null
}

/** Control characters, line and paragraph separators, and what is invisible or turns the writing direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u
export const holdsHidden = (text: string): boolean => HIDDEN.test(text)
