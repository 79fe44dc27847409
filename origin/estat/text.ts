/**
 * Text from e-Stat as we keep and as we compare it. It is data, never instructions (PRODUCT.md, promise 12).
 */

// C0 and C1 controls but for tab and line feed, which `cleanText` decides about.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g // oxlint-disable-line no-control-regex
// Bidirectional controls (Unicode UAX #9, section 2), zero-width characters and the invisible tag block:
// they change what a reader sees without being seen. Variation selectors stay: they belong to kanji (辻󠄀).
const INVISIBLE = /[\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu

/** A text of several lines: controls and invisible characters out, line breaks as "\n", all else as sent. */
export const cleanText = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replaceAll('\t', ' ').replace(CONTROL, '').replace(INVISIBLE, '')

/** A name, title or unit: as `cleanText`, on one line, without blanks at its ends. U+3000 inside stays. */
export const cleanName = (text: string): string =>
  cleanText(text)
    .replace(/\s*\n\s*/g, ' ')
    .trim()

/** HTML line breaks of DESCRIPTION and EXPLANATION as "\n"; other markup stays visible as text. */
export const cleanHtml = (text: string): string => cleanText(text.replace(/<br\s*\/?>/gi, '\n')).trim()

const TILDE = /[~〜∼]/g

/**
 * The form two names are compared in: NFKC (full-width digits, Ａ, （, U+3000), no blanks, lower case, one kind
 * of tilde. Never shown.
 */
export const fold = (text: string): string =>
  cleanText(text).normalize('NFKC').replace(/\s+/g, '').replace(TILDE, '~').toLowerCase()
