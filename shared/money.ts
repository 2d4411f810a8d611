/** The currency spend, tiers and reports are counted in. Orders in another one are kept and shown beside it. */
export const companyCurrency = 'CNY'

/** How many decimals a currency has: 2 for CNY, 0 for JPY; 2 for one nobody knows. */
export const decimalsOf = (currency: string): number =>
  /^[A-Z]{3}$/.test(currency)
    ? (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2)
    : 2

/** Minor units of any currency: ¥2,380 for CNY, `JPY 500`, `USD 12.50` for others. */
export const moneyIn = (minor: number, currency: string): string => {
  const decimals = decimalsOf(currency)
  const amount = minor / 10 ** decimals
  const digits = Number.isInteger(amount) ? 0 : decimals
  const text = amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return currency === companyCurrency ? `¥${text}` : `${currency} ${text}`
}
