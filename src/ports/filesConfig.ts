import { resolve } from 'node:path'
import { z } from 'zod'
import { readClamdUrl, type ClamdAddress } from './scannerClamd.js'

/** The variables of uploaded files, for the one schema that reads the environment. */
export const filesVariables = {
  CLAMD_URL: z
    .string()
    .refine((text) => readClamdUrl(text) !== null, 'CLAMD_URL must be unix:/path/of/socket or tcp://host:port.')
    .optional(),
  PULIH_FILES: z.string().optional(),
  PULIH_PICTURES_URL: z
    .string()
    .refine(
      (text) => /^https?:\/\/[^/?#@]+\/?$/.test(text) && URL.canParse(text),
      'PULIH_PICTURES_URL must be an origin such as https://berkas.example.',
    )
    .optional(),
}
type Values = z.infer<z.ZodObject<typeof filesVariables>>

export interface FilesConfig {
  /** Null: the embedded scanner, which knows the test file only. */
  readonly clamd: ClamdAddress | null
  /** Absolute path of the folder of sealed documents; every process needs the same. Null: `files` in the data folder. */
  readonly folder: string | null
  /** The origin that participants' pages load pictures from; it leads here too, and knows no cookie. Null: the loopback's other name, or no pictures. */
  readonly picturesOrigin: string | null
}

/** `CLAMD_URL`, `PULIH_FILES`, `PULIH_PICTURES_URL`. Production asks for a real scanner. */
export function readFiles(values: Values, production: boolean): { files: FilesConfig; faults: string[] } {
  const { CLAMD_URL, PULIH_FILES, PULIH_PICTURES_URL } = values
  const picturesOrigin = PULIH_PICTURES_URL === undefined ? null : new URL(PULIH_PICTURES_URL).origin
  const clamd = CLAMD_URL === undefined ? null : readClamdUrl(CLAMD_URL)
  const faults =
    production && clamd === null
      ? ['CLAMD_URL must be set in production: uploads are scanned by a real scanner (unix:/path or tcp://host:port).']
      : []
  return { files: { clamd, folder: PULIH_FILES === undefined ? null : resolve(PULIH_FILES), picturesOrigin }, faults }
}
