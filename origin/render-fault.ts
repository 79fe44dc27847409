/**
 * The text twin of a failure. Message and hint are English in both languages: they guide the model's next call, name
 * arguments and codes, and are quoted in issues. In Japanese it begins with a sentence for the person who reads along,
 * one for each code: whole sentences, nothing put together of both languages.
 */
import type { FaultCode, FaultReply } from '../shared/fault.ts'
import type { Lang } from './estat/words.ts'

const FOR_READERS: Readonly<Record<FaultCode, string>> = {
  INVALID_PARAMETER: '指定に誤りがあります。次の案内に従って直してください。',
  UNAUTHORIZED: 'APIキーが正しくありません。',
  FORBIDDEN: 'このキーには必要な権限がありません。運用者に依頼してください。',
  NOT_FOUND: '指定されたものが見つかりません。',
  NO_DATA: '該当するデータがありません。条件を広げてください。',
  AMBIGUOUS_NAME: '名前が複数のコードに当てはまります。候補のコードで指定してください。',
  TOO_LARGE: '対象が大きすぎます。条件を加えて絞り込んでください。',
  QUERY_REJECTED: 'このSQLは実行しませんでした。次の案内に従って書き直してください。',
  RATE_LIMITED: '回数の上限に達しました。しばらく待ってからやり直してください。',
  CANCELLED: '呼び出しが中止されました。',
  INTERNAL_ERROR: 'サーバー内部の問題です。運用者に連絡してください。',
  DATA_TRANSFORM_ERROR: 'データを変換できませんでした。取得からやり直してください。',
  ESTAT_API_ERROR: 'e-Statがこの要求を受け付けませんでした。',
  AWS_SERVICE_ERROR: '保存先のサービスが応答しません。しばらく待ってからやり直してください。',
  ESTAT_UNAVAILABLE: 'e-Statが応答しません。しばらく待ってからやり直してください。',
  TIMEOUT_ERROR: '時間内に終わりませんでした。条件を絞るか、もう一度呼んでください。',
}

/** Code, what happened, what to do next, the candidates. */
export function renderFault({ error }: FaultReply, lang: Lang): string {
  const lines =
    lang === 'J' ? [`${error.code}: ${FOR_READERS[error.code]}`, error.message] : [`${error.code}: ${error.message}`]
  lines.push(error.hint)
  if (error.retry_after_seconds !== undefined) lines.push(`Wait ${error.retry_after_seconds} seconds.`)
  if (error.candidates) {
    lines.push(lang === 'J' ? '候補：' : 'Candidates:')
    for (const { code, name, axis } of error.candidates) lines.push(`- ${code} ${name}${axis ? ` (${axis})` : ''}`)
  }
  return lines.join('\n')
}
