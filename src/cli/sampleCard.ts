/** What is written on the card. */
export interface Card {
  readonly nik: string
  readonly name: string
  readonly born: string
  readonly address: string
}
interface Picture {
  readonly width: number
  readonly height: number
  /** RGB, row by row. */
  readonly pixels: Buffer
}
type Colour = readonly [number, number, number]

const WIDTH = 1012
const HEIGHT = 638
const PAPER: Colour = [176, 212, 232]
const INK: Colour = [24, 32, 56]
const GREY: Colour = [120, 132, 148]
const RED: Colour = [196, 24, 36]

/** Five columns a letter, each a number whose bits are its seven rows from the top. */
// prettier-ignore
const FONT: Readonly<Record<string, readonly number[]>> = {
  A: [126, 9, 9, 9, 126], B: [127, 73, 73, 73, 54], C: [62, 65, 65, 65, 34], D: [127, 65, 65, 65, 62],
  E: [127, 73, 73, 73, 65], F: [127, 9, 9, 9, 1], G: [62, 65, 73, 73, 58], H: [127, 8, 8, 8, 127],
  I: [0, 65, 127, 65, 0], J: [32, 64, 65, 63, 1], K: [127, 8, 20, 34, 65], L: [127, 64, 64, 64, 64],
  M: [127, 2, 12, 2, 127], N: [127, 4, 8, 16, 127], O: [62, 65, 65, 65, 62], P: [127, 9, 9, 9, 6],
  Q: [62, 65, 81, 33, 94], R: [127, 9, 25, 41, 70], S: [70, 73, 73, 73, 49], T: [1, 1, 127, 1, 1],
  U: [63, 64, 64, 64, 63], V: [31, 32, 64, 32, 31], W: [63, 64, 56, 64, 63], X: [99, 20, 8, 20, 99],
  Y: [7, 8, 112, 8, 7], Z: [97, 81, 73, 69, 67],
  0: [62, 81, 73, 69, 62], 1: [0, 66, 127, 64, 0], 2: [66, 97, 81, 73, 70], 3: [33, 65, 69, 75, 49],
  4: [24, 20, 18, 127, 16], 5: [39, 69, 69, 69, 57], 6: [60, 74, 73, 73, 48], 7: [1, 113, 9, 5, 3],
  8: [54, 73, 73, 73, 54], 9: [6, 73, 73, 41, 30],
  ' ': [0, 0, 0, 0, 0], '.': [0, 96, 96, 0, 0], ',': [0, 80, 48, 0, 0], '-': [8, 8, 8, 8, 8],
  ':': [0, 54, 54, 0, 0], '/': [32, 16, 8, 4, 2], "'": [0, 5, 3, 0, 0],
}

/** A card like a KTP, drawn point by point: no font of the machine is needed, and nothing could take it for a real one. */
export function drawCard({ nik, name, born, address }: Card): Picture {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3)
  const set = (x: number, y: number, colour: Colour, share = 1): void => {
    if (x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT) return
    const at = (y * WIDTH + x) * 3
    for (const [index, value] of colour.entries())
      pixels[at + index] = Math.round((pixels[at + index] ?? 0) * (1 - share) + value * share)
  }
  const box = (left: number, top: number, width: number, height: number, colour: Colour): void => {
    for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) set(x, y, colour)
  }
  /** `slope`: how far a line rises to the right. */
  const write = (text: string, left: number, top: number, size: number, colour: Colour, share = 1, slope = 0): void => {
    for (const [place, letter] of Array.from(text).entries())
      for (const [column, bits] of (FONT[letter] ?? FONT['-'] ?? []).entries())
        for (let row = 0; row < 7; row++) {
          if (((bits >> row) & 1) === 0) continue
          const x = left + (place * 6 + column) * size
          for (let dy = 0; dy < size; dy++)
            for (let dx = 0; dx < size; dx++)
              set(x + dx, top + row * size + dy - Math.round((x + dx - left) * slope), colour, share)
        }
  }
  box(0, 0, WIDTH, HEIGHT, PAPER)
  write('PROVINSI CONTOH', 300, 24, 5, INK)
  write('KOTA CONTOH', 360, 70, 5, INK)
  write('NIK', 40, 140, 5, INK)
  write(`: ${nik}`, 200, 140, 5, INK)
  const lines = [
    ['NAMA', name],
    ['TEMPAT/TGL LAHIR', born],
    ['ALAMAT', address],
    ['BERLAKU HINGGA', 'SEUMUR HIDUP'],
  ] as const
  for (const [index, [label, value]] of lines.entries()) {
    write(label, 40, 215 + index * 50, 3, INK)
    write(`: ${value}`.slice(0, 24), 350, 215 + index * 50, 3, INK)
  }
  drawNobody(box, set)
  write('BUKAN KARTU ASLI', 40, 560, 4, RED)
  write('SPECIMEN', 110, 520, 17, RED, 0.45, 0.32)
  return { width: WIDTH, height: HEIGHT, pixels }
}

/** Where a photograph would be: a head and shoulders of nobody. */
function drawNobody(
  box: (left: number, top: number, width: number, height: number, colour: Colour) => void,
  set: (x: number, y: number, colour: Colour) => void,
): void {
  box(790, 190, 190, 250, [232, 96, 88])
  for (let y = 190; y < 440; y++)
    for (let x = 790; x < 980; x++) {
      const head = ((x - 885) / 45) ** 2 + ((y - 275) / 58) ** 2 < 1
      const shoulders = ((x - 885) / 85) ** 2 + ((y - 440) / 100) ** 2 < 1
      if (head || shoulders) set(x, y, GREY)
    }
}
