/**
 * Letters of 5 × 7 dots, a byte a column, the lowest bit on top. Our own, because a mark that depends on the fonts of a machine is missing
 * where there are none, and nobody is told.
 */
const DOTS: Readonly<Record<string, string>> = {
  ...{ 0: '3e5149453e', 1: '00427f4000', 2: '7249494946', 3: '2141494d33', 4: '1814127f10', 5: '2745454539' },
  ...{ 6: '3c4a494931', 7: '4121110907', 8: '3649494936', 9: '464949291e' },
  ...{ A: '7c1211127c', B: '7f49494936', C: '3e41414122', D: '7f4141413e', E: '7f49494941', F: '7f09090901' },
  ...{ G: '3e41415173', H: '7f0808087f', I: '00417f4100', J: '2040413f01', K: '7f08142241', L: '7f40404040' },
  ...{ M: '7f021c027f', N: '7f0408107f', O: '3e4141413e', P: '7f09090906', Q: '3e4151215e', R: '7f09192946' },
  ...{ S: '2649494932', T: '03017f0103', U: '3f4040403f', V: '1f2040201f', W: '3f4038403f', X: '6314081463' },
  ...{ Y: '0304780403', Z: '6159494d43', '-': '0808080808', '.': '0000606000', ':': '0000140000' },
  ...{ _: '4040404040', '@': '3e415d594e', '/': '2010080402', '+': '08083e0808', ' ': '0000000000' },
}
const UNKNOWN = '7f4141417f'
export const GLYPH_WIDTH = 6
export const GLYPH_HEIGHT = 7

/** The dots of a line of text: for each column from the left, the rows that are set. Lower case is drawn as upper case. */
export function columnsOf(text: string): readonly (readonly number[])[] {
  return Array.from(text.toUpperCase()).flatMap((letter) => {
    const bytes = Buffer.from(DOTS[letter] ?? UNKNOWN, 'hex')
    return [...bytes, 0].map((byte) =>
      Array.from({ length: GLYPH_HEIGHT }, (_, row) => row).filter((row) => (byte >> row) & 1),
    )
  })
}
