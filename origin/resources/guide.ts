import { UriTemplate } from '@modelcontextprotocol/server'
import type { ResourceKind } from './define-resource.ts'
import { areaCodesGuide } from './guides/area-codes.ts'
import type { Guide } from './guides/guide.ts'
import { searchGuide } from './guides/search.ts'
import { symbolsGuide } from './guides/symbols.ts'
import { timeCodesGuide } from './guides/time-codes.ts'
import { lastPart, notThere, queryOf } from './uri.ts'

export const GUIDES: readonly Guide[] = [searchGuide, timeCodesGuide, areaCodesGuide, symbolsGuide]

const MARKDOWN = 'text/markdown'

/** Short pages on how to work with e-Stat. */
export const guideResource: ResourceKind = {
  name: 'guide',
  title: '手引き · Guides',
  description: 'How to search, time codes, area codes, symbols. In English: ?lang=E.',
  mimeType: MARKDOWN,
  template: new UriTemplate('estat://guide/{topic}'),
  variable: 'topic',
  scope: 'read',
  // They change with a deploy only.
  keep: { ttlMs: 3_600_000, cacheScope: 'public' },
  complete: (typed) => GUIDES.map(({ topic }) => topic).filter((topic) => topic.startsWith(typed.trim())),
  list: () =>
    GUIDES.map(({ topic, title }) => ({ uri: `estat://guide/${topic}`, name: topic, title, mimeType: MARKDOWN })),
  read(uri) {
    const { lang } = queryOf(uri)
    const topic = lastPart(uri)
    const guide = GUIDES.find((one) => one.topic === topic)
    if (guide === undefined) throw notThere()
    return [{ mimeType: MARKDOWN, text: guide.text[lang] }]
  },
}
