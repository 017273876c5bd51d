/** Called for each text, with where it stands. */
export type EachText = (table: string, column: string, text: string) => void
