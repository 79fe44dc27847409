/** `npm run keys -- create | list | show | revoke | revoke-links | signing ...`: API keys, links and signing keys. */
import { keys } from './keys/main.ts'
import { projectRoot } from './local-state.ts'

process.exitCode = await keys({
  args: process.argv.slice(2),
  env: process.env,
  root: projectRoot,
  // npm runs scripts in the project's folder; whoever typed a path means the one they are in.
  cwd: process.env['INIT_CWD'] ?? process.cwd(),
  say: (text) => console.log(text),
  complain: (text) => console.error(text),
})
