/** HTTP written by hand, for what no client library would send. */
import { connect } from 'node:net'

export interface Told {
  /** Everything that the server said before it closed or the time was over. */
  readonly text: string
  /** Whether the server closed the connection. */
  readonly closed: boolean
}

export interface Written {
  /** Pieces in order. */
  readonly pieces: readonly (string | Buffer)[]
  /** Milliseconds before each piece but the first. */
  readonly pause?: number
  /** How long to listen after the last piece. */
  readonly listen: number
}

/** Writes pieces to a fresh connection and listens. */
export function speak(url: string, { pieces, pause = 0, listen }: Written): Promise<Told> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) })
    let text = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = (closed: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text, closed })
    }
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('close', () => end(true))
    socket.on('error', () => end(true))
    socket.on('connect', () => {
      const [first = '', ...others] = pieces
      socket.write(first)
      const next = (at: number): void => {
        const piece = others[at]
        if (piece === undefined) timer = setTimeout(() => end(false), listen)
        else
          timer = setTimeout(() => {
            socket.write(piece)
            next(at + 1)
          }, pause)
      }
      next(0)
    })
  })
}

/** The status codes of every response in a text, in order. */
export const statuses = (text: string): readonly number[] =>
  [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, code]) => Number(code))
