const locale = process.env['LC_ALL'] || process.env['LC_MESSAGES'] || process.env['LANG'] || ''

/** The terminal's language: Chinese for a zh locale, English else. */
export const t = (zh: string, en: string): string => (/^zh/i.test(locale) ? zh : en)
