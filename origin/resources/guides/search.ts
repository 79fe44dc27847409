import { both } from '../../estat/words.ts'
import type { Guide } from './guide.ts'

export const searchGuide: Guide = {
  topic: 'search',
  title: '統計表の探し方 · How to search',
  text: both(
    `# 統計表の探し方
1. search_estat_data に、知りたいことを普通の言葉で渡す（例：「東京都 人口 推移」「完全失業率 月次」）。日本語が最もよく当たる。地域、年・和暦、調査名は質問の中に書けばよい。
2. 結果は系列ごとにまとまり、新しい版が先に来る。newer_edition があればそちらを使う。categories、collect_area（1 全国、2 都道府県、3 市区町村）、cycle（月次、年次など）、survey_date が問いに合うかを見る。
3. 0件か的外れのとき：言葉を減らす、suggestions の公式用語に替える（apply_keyword_suggestions）、lookup（kind "survey"）で調査のコードを調べ stats_code で絞る。
4. 市区町村や都道府県を横に比べるときは「社会・人口統計体系」（stats_code 00200502）が早い。項目が分野ごとの表にそろっている。最新の値は元の調査の表のほうが新しいことがある。
5. 表が決まったら describe_dataset で軸とコードを確かめ、fetch_dataset_filtered で必要な行だけ取る。
6. 表がなくファイル（Excel、PDF）だけの調査は search_files で探す。`,
    `# How to search
1. Give search_estat_data plain words ("東京都 人口 推移", "monthly unemployment rate"). Japanese finds most. Areas, years or eras and survey names may stand in the question.
2. Results are grouped by series, the newest edition first; where newer_edition is set, use that one. See whether categories, collect_area (1 nation, 2 prefectures, 3 municipalities), cycle and survey_date fit the question.
3. Nothing, or beside the point: use fewer words; take the official terms of suggestions (apply_keyword_suggestions); find the survey's code with lookup (kind "survey") and narrow by stats_code.
4. To compare prefectures or municipalities, 社会・人口統計体系 (stats_code 00200502) is the short way: many items of many surveys in tables by field. The survey's own table may be newer.
5. With a table chosen, describe_dataset shows its axes and codes; fetch_dataset_filtered gets the rows that are needed.
6. Surveys that publish files alone (Excel, PDF): search_files.`,
  ),
}
