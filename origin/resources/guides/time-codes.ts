import { both } from '../../estat/words.ts'
import type { Guide } from './guide.ts'

/** reference/estat-api.md, 3.6. */
export const timeCodesGuide: Guide = {
  topic: 'time-codes',
  title: '時間軸コード · Time codes',
  text: both(
    `# 時間軸コード（time）
多くの表では10桁。

| コード | 意味 |
| --- | --- |
| 2020000000 | 2020年（暦年） |
| 2020100000 | 2020年度（4月～翌年3月） |
| 2020010000、2020020000 | 上半期、下半期 |
| 2020000103、0406、0709、1012 | 四半期（1～3月 … 10～12月） |
| 2020000101 … 2020001212 | 月（同じ月を2回書く） |

- 短いコード（1001 など）はその表だけのもの。名前で確かめる。
- 同じ表に年と年度、月と四半期が並ぶことがある。「2020」が両方に当てはまるとエラーになるので「2020年度」のように書く。
- 肥料年度、米穀年度など、4月に始まらない年度もある。
- fetch_dataset_filtered の time には "2020年度"、"令和2年"、{"from": "2015", "to": "2020"}、"latest"（値のある最新）、"last 5 years" も使える。`,
    `# Time codes (axis time)
Ten digits in most tables.

| code | meaning |
| --- | --- |
| 2020000000 | calendar year 2020 |
| 2020100000 | fiscal year 2020 (年度, April to March) |
| 2020010000, 2020020000 | first and second half |
| 2020000103, 0406, 0709, 1012 | quarters (January to March … October to December) |
| 2020000101 … 2020001212 | months (the month twice) |

- Short codes (1001) are the table's own: read their names.
- Years and fiscal years, months and quarters may stand in one table. "2020" that fits two of them is an error: say "2020年度".
- Some years do not begin in April (肥料年度, 米穀年度).
- In fetch_dataset_filtered, time also takes "2020年度", "令和2年", {"from": "2015", "to": "2020"}, "latest" (the newest with a value) and "last 5 years".`,
  ),
}
