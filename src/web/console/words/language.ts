/** What people read in; Indonesian unless they chose otherwise. */
export type Language = 'id' | 'en'
