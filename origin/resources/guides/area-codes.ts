import { both } from '../../estat/words.ts'
import type { Guide } from './guide.ts'

/** reference/estat-api.md, 3.7. */
export const areaCodesGuide: Guide = {
  topic: 'area-codes',
  title: '地域コード · Area codes',
  text: both(
    `# 地域コード（area）
多くの表では標準地域コード（5桁。先頭の0も省かない）。

| コード | 意味 |
| --- | --- |
| 00000 | 全国 |
| 01000 … 47000 | 都道府県（13000 東京都） |
| 13104 | 市区町村（新宿区） |
| 01100 | 政令指定都市（札幌市）。区は 01101 から |
| 13100 | 東京都の特別区部（表により 13A01） |

- 名前でも指定できる（東京都、横浜市、"Tokyo"）。同じ名前が複数あると候補を示すエラーになる。府中市は東京都（13206）と広島県（34208）にある。
- コードは lookup（kind "area"）で調べる。合併などで廃止された市町村は、今のコードと注記が返る。古い表には古いコードが残る。
- 全国、都道府県、市区町村は同じ軸に並ぶ。足し合わせない。fetch_dataset_filtered では {"level": "2"} のように段階で選べる。段階の番号は表ごとに違うので describe_dataset で確かめる。
- area が国を表す表（貿易など）や、地域が別の軸（cat03 など）にある表もある。`,
    `# Area codes (axis area)
Standard area codes in most tables: five digits, the leading zero included.

| code | meaning |
| --- | --- |
| 00000 | the nation (全国) |
| 01000 … 47000 | prefectures (13000 Tokyo) |
| 13104 | a municipality (Shinjuku-ku) |
| 01100 | a designated city (Sapporo-shi); its wards from 01101 |
| 13100 | the special wards of Tokyo together (13A01 in some tables) |

- Names work too (東京都, 横浜市, "Tokyo"). A name that several areas have is an error with candidates: 府中市 is in 東京都 (13206) and in 広島県 (34208).
- lookup (kind "area") finds codes. For one that a merger ended it gives today's code and says so; older tables keep the older code.
- Nation, prefectures and municipalities stand on one axis: never add them up. fetch_dataset_filtered selects a level by {"level": "2"}; the numbers differ by table, see describe_dataset.
- In some tables area holds countries (trade), in others the regions are on another axis (cat03).`,
  ),
}
