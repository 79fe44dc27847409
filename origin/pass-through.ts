import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server'

/**
 * A schema that shows `json` and accepts everything. Arguments are validated by `parseArguments`, with codes and hints;
 * the SDK's own validation accepts unknown ones silently.
 */
export const passThrough = (json: Record<string, unknown>): StandardSchemaWithJSON => ({
  '~standard': {
    version: 1,
    vendor: 'estat-mcp',
    validate: (value) => ({ value }),
    jsonSchema: { input: () => json, output: () => json },
  },
})
