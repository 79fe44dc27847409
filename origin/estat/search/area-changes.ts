/**
 * Codes that are gone: merged, raised to a city, or counted anew (廃置分合等). Not all of some two thousand since 1970, but
 * the ones that a recorded table still holds and the well-known ones; e-Stat's 標準地域コード search knows every one.
 */
export interface AreaChange {
  readonly code: string
  readonly name: string
  /** Where its area is counted today: one code, or several where it was divided. */
  readonly now: readonly string[]
  /** yyyy-mm-dd it took effect. */
  readonly since: string
}

const change = (code: string, name: string, since: string, ...now: string[]): AreaChange => ({ code, name, now, since })

export const AREA_CHANGES: readonly AreaChange[] = [
  change('03305', '岩手県 滝沢村', '2014-01-01', '03216'),
  change('04423', '宮城県 富谷町', '2016-10-10', '04216'),
  change('09367', '栃木県 岩舟町', '2014-04-05', '09203'),
  change('11204', '埼玉県 浦和市', '2001-05-01', '11100'),
  change('11205', '埼玉県 大宮市', '2001-05-01', '11100'),
  change('11213', '埼玉県 岩槻市', '2005-04-01', '11110'),
  change('11220', '埼玉県 与野市', '2001-05-01', '11100'),
  change('11445', '埼玉県 白岡町', '2012-10-01', '11246'),
  change('12402', '千葉県 大網白里町', '2013-01-01', '12239'),
  change('14209', '神奈川県 相模原市', '2010-04-01', '14150'),
  change('15201', '新潟県 新潟市', '2007-04-01', '15100'),
  change('17344', '石川県 野々市町', '2011-11-11', '17212'),
  change('22131', '静岡県 浜松市 中区', '2024-01-01', '22138'),
  change('22132', '静岡県 浜松市 東区', '2024-01-01', '22138'),
  change('22133', '静岡県 浜松市 西区', '2024-01-01', '22138'),
  change('22134', '静岡県 浜松市 南区', '2024-01-01', '22138'),
  change('22135', '静岡県 浜松市 北区', '2024-01-01', '22138', '22139'),
  change('22136', '静岡県 浜松市 浜北区', '2024-01-01', '22139'),
  change('22137', '静岡県 浜松市 天竜区', '2024-01-01', '22140'),
  change('22201', '静岡県 静岡市', '2005-04-01', '22100'),
  change('22202', '静岡県 浜松市', '2007-04-01', '22130'),
  change('22204', '静岡県 清水市', '2003-04-01', '22103'),
  change('23304', '愛知県 長久手町', '2012-01-04', '23238'),
  change('27201', '大阪府 堺市', '2006-04-01', '27140'),
  change('28221', '兵庫県 篠山市', '2019-05-01', '28221'),
  change('33201', '岡山県 岡山市', '2009-04-01', '33100'),
  change('40305', '福岡県 那珂川町', '2018-10-01', '40231'),
  change('43201', '熊本県 熊本市', '2012-04-01', '43100'),
]
