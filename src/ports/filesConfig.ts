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
}
type Values = z.infer<z.ZodObject<typeof filesVariables>>

export interface FilesConfig {
  /** Null: the embedded scanner, which knows the test file only. */
  readonly clamd: ClamdAddress | null
  /** Absolute path of the folder of sealed documents; every process needs the same. Null: `files` in the data folder. */
  readonly folder: string | null
}

/** `CLAMD_URL`, `PULIH_FILES`. Production asks for a real scanner. */
export function readFiles(values: Values, production: boolean): { files: FilesConfig; faults: string[] } {
  const { CLAMD_URL, PULIH_FILES } = values
  const clamd = CLAMD_URL === undefined ? null : readClamdUrl(CLAMD_URL)
  const faults =
    production && clamd === null
      ? ['CLAMD_URL must be set in production: uploads are scanned by a real scanner (unix:/path or tcp://host:port).']
      : []
  return { files: { clamd, folder: PULIH_FILES === undefined ? null : resolve(PULIH_FILES) }, faults }
}
