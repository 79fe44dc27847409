/** AWS's own validator of templates, where it is installed (`@aws/cloudformation-validate`, WebAssembly, no network). */

export interface Finding {
  readonly ruleId: string
  readonly severity: string
  readonly message: string
  readonly startLine?: number
}

interface Validator {
  readonly RegoEngine: new () => {
    validateStandard(template: unknown): { readonly diagnostics: readonly Finding[] }
    free(): void
  }
  readonly TemplateFile: new (path: string) => unknown
}

/** By a variable, so that types are checked where the package is absent. */
const PACKAGE: string = '@aws/cloudformation-validate'

/** @returns Findings by path; null where the package is not installed. */
export async function awsFindings(paths: readonly string[]): Promise<ReadonlyMap<string, readonly Finding[]> | null> {
  const { RegoEngine, TemplateFile } = await import(PACKAGE).then(
    (loaded) => loaded as Validator,
    () => ({ RegoEngine: null, TemplateFile: null }),
  )
  if (RegoEngine === null) return null
  const engine = new RegoEngine()
  try {
    return new Map(paths.map((path) => [path, engine.validateStandard(new TemplateFile(path)).diagnostics]))
  } finally {
    engine.free()
  }
}
