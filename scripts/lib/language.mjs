// The scripts speak the terminal's language: Chinese for a zh locale, English else.
const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || ''
export const t = (zh, en) => (/^zh/i.test(locale) ? zh : en)
