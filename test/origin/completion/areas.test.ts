import { describe, expect, it } from 'vitest'
import { areaOf, completeAreas, completePrefectures } from '../../../origin/completion/areas.ts'
import { CITY_NAMES } from '../../../origin/estat/city-names.ts'
import { PREFECTURES } from '../../../origin/estat/prefectures.ts'
import { PLACES } from '../../../origin/estat/search/municipalities.ts'

describe('completeAreas', () => {
  it('shows the nation and the prefectures before anything is typed, in either language', () => {
    expect(completeAreas('', 'J')).toEqual(['全国', ...PREFECTURES.map(({ name }) => name)])
    expect(completeAreas('', 'E')).toEqual(['Japan', ...PREFECTURES.map(({ english }) => english)])
  })

  it.each([
    ['東京', '東京都'],
    ['とうき', '東京都'],
    ['トウキ', '東京都'],
    ['ﾄｳｷ', '東京都'],
    ['横浜', '神奈川県 横浜市'],
    ['よこは', '神奈川県 横浜市'],
    ['府中', '広島県 府中市'],
    ['13206', '東京都 府中市'],
    ['ニセコ', '北海道 ニセコ町'],
    ['Tok', 'Tokyo'],
    ['yokoh', 'Yokohama-shi'],
    ['shibuya', 'Shibuya-ku'],
  ])('%s finds %s', (typed, found) => {
    expect(completeAreas(typed, 'J')).toContain(found)
  })

  it('puts prefectures first, then what begins with the words, then what holds them', () => {
    expect(completeAreas('と', 'J').slice(0, 5)).toEqual(['栃木県', '東京都', '富山県', '鳥取県', '徳島県'])
    const kyoto = completeAreas('京都', 'J')
    expect(kyoto[0]).toBe('京都府')
    expect(kyoto.indexOf('東京都')).toBeGreaterThan(kyoto.indexOf('京都府 京都市'))
  })

  it('knows no answer to what is no area', () => {
    for (const typed of ['ぬぬぬ', 'xyz', '99', '[(*', '%']) expect(completeAreas(typed, 'J')).toEqual([])
  })
})

it('completes the last of several prefectures and keeps the others as they were typed', () => {
  expect(completePrefectures('東京都, 大', 'J')).toEqual(['東京都, 大阪府', '東京都, 大分県'])
  expect(completePrefectures('Tokyo,osa', 'E')).toEqual(['Tokyo,Osaka'])
  expect(completePrefectures('東京都、', 'J'), 'all but the one that is named').toHaveLength(46)
  expect(completePrefectures('横浜', 'J'), 'no cities among prefectures').toEqual([])
})

describe('areaOf', () => {
  it.each([
    ['東京', '13000'],
    ['Tokyo', '13000'],
    ['とうきょうと', '13000'],
    ['福島', '07000'],
    ['Fukushima', '07000'],
    ['ふくしま', '07000'],
    ['Fukushima-shi', '07201'],
    ['Fukushima City', '07201'],
    ['Fukushima Prefecture', '07000'],
    ['よこはま', '14100'],
    ['Shibuya Ward', '13113'],
    ['Yokohama', '14100'],
    ['yokohama city', '14100'],
    ['横浜市', '14100'],
    ['東京都府中市', '13206'],
    ['13206', '13206'],
    ['１３２０６', '13206'],
    ['全国', '00000'],
    ['Japan', '00000'],
  ])('%s is %s', (typed, code) => {
    expect(areaOf(typed)?.code).toBe(code)
  })

  it('names the candidates where several areas have the name', () => {
    expect(() => areaOf('府中市')).toThrowError(
      expect.objectContaining({
        code: 'AMBIGUOUS_NAME',
        candidates: [
          { code: '13206', name: '東京都 府中市' },
          { code: '34208', name: '広島県 府中市' },
        ],
      }),
    )
  })

  it('leaves what the lists do not have', () => {
    for (const typed of ['Fuchu', 'ここではないどこか']) expect(areaOf(typed)).toBeNull()
  })

  it('understands every name that completion offers', () => {
    const offered = [...completeAreas('', 'J'), ...completeAreas('', 'E'), ...CITY_NAMES.map(({ english }) => english)]
    expect(offered.filter((name) => areaOf(name) === null)).toEqual([])
    const municipalities = PLACES.filter(({ level }) => level > 1)
    expect(municipalities.filter(({ code, name }) => areaOf(name)?.code !== code)).toEqual([])
  })
})

describe('the names of large cities', () => {
  it('belong to cities of the list, each once, and begin as the prefecture does where they share its name', () => {
    const places = new Map(PLACES.map((place) => [place.code, place]))
    expect(CITY_NAMES.filter(({ code }) => places.get(code)?.level !== 2)).toEqual([])
    expect(new Set(CITY_NAMES.map(({ code }) => code)).size).toBe(CITY_NAMES.length)
    expect(new Set(CITY_NAMES.map(({ english }) => english)).size).toBe(CITY_NAMES.length)
    for (const { code, english } of CITY_NAMES) {
      const own = places.get(code)?.name.split(' ').at(-1) ?? ''
      expect(own.at(-1)).toBe(english.endsWith('-ku') ? '区' : '市')
      const namesake = PREFECTURES.find(({ name }) => name.slice(0, -1) === own.slice(0, -1))?.english
      expect(english).toBe(namesake === undefined ? english : `${namesake}-shi`)
    }
  })

  it('have every designated city and every capital of a prefecture', () => {
    // 地方自治法 第252条の19: 20 designated cities; a capital is seat of its prefecture (Tokyo: 新宿区).
    const designated = PLACES.filter(({ level }) => level === 3).map(({ parentCode }) => parentCode)
    const known = new Set<string | null>(CITY_NAMES.map(({ code }) => code))
    expect(new Set(designated).size).toBe(20)
    expect([...new Set(designated)].filter((code) => !known.has(code))).toEqual([])
    const prefectures = new Set(CITY_NAMES.map(({ code }) => code.slice(0, 2)))
    expect(prefectures.size).toBe(47)
  })
})
