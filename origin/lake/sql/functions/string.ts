/**
 * String functions: text in, text or number out, in time and space bounded by their input; padding has a written
 * bound. Trino documentation, "Functions / String functions" and "Functions / Regular expression functions".
 *
 * Left out: `format` (types inside its text), `repeat` (makes an array in Trino, and large ones), encodings and hashes,
 * `levenshtein_distance` (DuckDB counts bytes), every form of `normalize` but NFC (DuckDB has no other).
 * Patterns run on RE2 in DuckDB, so look-around is refused there by the engine.
 */
import { listed } from './sql-function.ts'

const PAD = { literals: { 1: { max: 1000 } } }

export const STRING_FUNCTIONS = listed(
  'scalar',
  [
    ['concat', [2, 50], 'trino_concat'],
    ['concat_ws', [2, 50]],
    ['length', 1],
    ['lower', 1],
    ['upper', 1],
    ['trim', [1, 2], 'trino_trim'],
    ['ltrim', [1, 2], 'trino_ltrim'],
    ['rtrim', [1, 2], 'trino_rtrim'],
    ['lpad', 3],
    ['rpad', 3],
    ['replace', [2, 3], 'trino_replace'],
    ['reverse', 1],
    ['strpos', 2],
    ['substr', [2, 3], 'trino_substr'],
    ['split', 2, 'string_split'],
    ['split_part', 3, 'trino_split_part'],
    ['starts_with', 2],
    ['translate', 3],
    ['chr', 1],
    ['codepoint', 1, 'unicode'],
    ['normalize', 1, 'nfc_normalize'],
    ['regexp_like', 2, 'regexp_matches'],
    ['regexp_extract', [2, 3], 'trino_regexp_extract'],
    ['regexp_extract_all', [2, 3]],
    ['regexp_replace', [2, 3], 'trino_regexp_replace'],
    ['regexp_count', 2, 'trino_regexp_count'],
    ['regexp_split', 2, 'string_split_regex'],
  ],
  {
    lpad: PAD,
    rpad: PAD,
    // A replacement refers to groups as $1 in Trino and as \1 in DuckDB: only written text can be translated.
    regexp_replace: { literals: { 1: 'pattern', 2: 'text' } },
    regexp_extract: { literals: { 1: 'pattern', 2: { max: 20 } } },
    regexp_extract_all: { literals: { 1: 'pattern', 2: { max: 20 } } },
    regexp_like: { literals: { 1: 'pattern' } },
    regexp_count: { literals: { 1: 'pattern' } },
    regexp_split: { literals: { 1: 'pattern' } },
  },
)
