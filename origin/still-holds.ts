/** Whether an answer that somebody kept would be given again, told without making it. */
import { admitted, type CallDeps, type CallRequest, endedBy, observer, portsFor } from './call-tool.ts'
import { entityTag, isKnown } from './validator.ts'

/**
 * @param ifNoneMatch Header `If-None-Match`: validators of answers to this very call.
 * @returns The one that holds; null where the call has to be made.
 * @throws Fault as `callTool` does: what the validator cannot be had for, the answer cannot.
 */
export async function stillHolds(deps: CallDeps, request: CallRequest, ifNoneMatch: string): Promise<string | null> {
  const ended = observer(deps, request)
  try {
    const tag = await currentTag(deps, request)
    if (tag === null || !isKnown(ifNoneMatch, tag)) return null
    ended('ok')
    return tag
  } catch (error) {
    ended(error)
    throw error
  }
}

async function currentTag(deps: CallDeps, request: CallRequest): Promise<string | null> {
  const call = admitted(deps, request)
  const { millis } = deps.limits
  const deadline = AbortSignal.timeout(millis)
  const signal = AbortSignal.any([request.signal, deadline])
  const ports = portsFor(deps.ports, { deadline: deps.now() + millis, appId: call.appId, oneVersion: true })
  try {
    return await entityTag(call, ports, { signal, now: deps.now() })
  } catch (error) {
    throw endedBy(error, call.tool, { caller: request.signal, deadline, millis })
  }
}
