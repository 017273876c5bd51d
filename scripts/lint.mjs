// Types and lint together: both ask the compiler for the types of everything, so they ask one. Apart (`npm run types`, `npm run lint`) they take
// half as long again. Finds what these two find: the same diagnostics as tsc's, the same rules on the same files.
import { ESLint } from 'eslint'
import ts from 'typescript'

const CONSOLE = 'src/web/console'
const host = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: ts.sys.getCurrentDirectory,
  getNewLine: () => ts.sys.newLine,
}

/** What a tsconfig names, as tsc reads it. */
function programOf(config) {
  const broken = (it) => {
    throw new Error(ts.formatDiagnostic(it, host))
  }
  const parsed = ts.getParsedCommandLineOfConfigFile(
    config,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: broken },
  )
  const { fileNames, options, projectReferences, errors } = parsed
  return ts.createProgram({ rootNames: fileNames, options, projectReferences, configFileParsingDiagnostics: errors })
}

/** True when there is nothing to say. */
function typesHold(programs) {
  const found = ts.sortAndDeduplicateDiagnostics(programs.flatMap((it) => ts.getPreEmitDiagnostics(it)))
  if (found.length > 0) console.log(ts.formatDiagnosticsWithColorAndContext(found, host))
  return found.length === 0
}

async function lintHolds(program, consoleProgram) {
  const typed = (files, it) => ({
    files,
    languageOptions: { parserOptions: { projectService: false, programs: [it] } },
  })
  const eslint = new ESLint({
    overrideConfig: [typed(['**/*.ts', '**/*.tsx'], program), typed([`${CONSOLE}/**/*.{ts,tsx}`], consoleProgram)],
  })
  const results = await eslint.lintFiles(['.'])
  const formatter = await eslint.loadFormatter('stylish')
  const text = await formatter.format(results)
  if (text !== '') console.log(text)
  return results.every((it) => it.errorCount === 0)
}

const program = programOf('tsconfig.json')
const consoleProgram = programOf(`${CONSOLE}/tsconfig.json`)
const types = typesHold([program, consoleProgram])
const lint = await lintHolds(program, consoleProgram)
process.exitCode = types && lint ? 0 : 1
