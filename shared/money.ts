/** The currency spend, tiers and reports are counted in. Orders in another one are kept and shown beside it. */
export const companyCurrency = 'CNY'

const decimals = new Map<string, number>()

/** How many decimals a currency has: 2 for CNY, 0 for JPY; 2 for one nobody knows. */
export const decimalsOf = (currency: string): number => {
  if (!/^[A-Z]{3}$/.test(currency)) return 2
  const known = decimals.get(currency)
  if (known !== undefined) return known
  // Asking Intl costs more than reading the amount itself.
  const found =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  decimals.set(currency, found)
  return found
}

/** Minor units of one currency as those of another that the same figure is in: 30.00 as 30 yen. Decimals the other has not are rounded away. */
export const minorIn = (minor: number, from: string, to: string): number =>
  Math.round(minor * 10 ** (decimalsOf(to) - decimalsOf(from)))

/** Minor units of any currency: ¥2,380 for CNY, `JPY 500`, `USD 12.50` for others. */
export const moneyIn = (minor: number, currency: string): string => {
  const places = decimalsOf(currency)
  const amount = minor / 10 ** places
  const digits = Number.isInteger(amount) ? 0 : places
  const text = amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return currency === companyCurrency ? `¥${text}` : `${currency} ${text}`
}
