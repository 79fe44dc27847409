/** In the mode `oauth+key`, the endpoint's second path: for keys alone, with nothing about OAuth to discover. */
import { getPath } from 'hono/utils/url'

const KEY_DOOR = '/k/mcp'

export const isKeyDoor = (request: Request): boolean => getPath(request) === KEY_DOOR

/** The path that routes and the origin see: the caller token is bound to it. */
export const pathBehindDoor = (request: Request): string => (isKeyDoor(request) ? '/mcp' : getPath(request))
