/** What forms of an answer a client takes, by its Accept header. Neither is true of one that names only others. */
export function accepts(headers: Headers): { readonly json: boolean; readonly stream: boolean } {
  const accept = headers.get('accept') ?? '*/*'
  return {
    json: /application\/json|\*\/\*|application\/\*/i.test(accept),
    stream: /text\/event-stream|\*\/\*|text\/\*/i.test(accept),
  }
}
