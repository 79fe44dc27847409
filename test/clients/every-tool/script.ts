/** The same file for Node, Bun and Deno: `script.ts OPTIONS` (JSON, `RunOptions`) prints the report as JSON. */
import { callEveryTool, type RunOptions } from './run.ts'

const report = await callEveryTool(JSON.parse(process.argv[2] ?? '') as RunOptions)
process.stdout.write(JSON.stringify(report))
