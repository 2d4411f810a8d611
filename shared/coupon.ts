import { z } from 'zod'

/** Bytes of one code; a text keeps room for it. */
export const maxCouponCode = 64
export const maxCouponCodes = 50_000

/** What stands for a code of a batch in a text until the message is wanted. */
export const couponMarks = /〔券码 ([\w-]+)〕/g

export const CouponInput = z.object({
  name: z.string().trim().min(1).max(40),
  /** What one is worth, in words: 满 300 减 60 */
  value: z.string().trim().min(1).max(40),
  /** None is given out from then on. */
  expiresAt: z.iso.datetime().nullable().default(null),
  /** With so many left or fewer, the stock is called low. */
  lowAt: z.int().min(0).max(1_000_000).default(50),
})
export type CouponInput = z.infer<typeof CouponInput>

/** A batch of coupon codes (券码). */
export const Coupon = CouponInput.extend({
  id: z.string(),
  total: z.int(),
  left: z.int(),
  /** At most `lowAt` are left. */
  low: z.boolean(),
  expired: z.boolean(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
})
export type Coupon = z.infer<typeof Coupon>

/** What became of codes that were pasted. */
export const CodesTaken = z.object({
  added: z.int(),
  /** In the batch already, or twice in what was pasted. */
  known: z.int(),
  /** The first lines that are no codes. */
  wrong: z.array(z.object({ line: z.int(), text: z.string() })),
})
export type CodesTaken = z.infer<typeof CodesTaken>

const heads: ReadonlySet<string> = new Set(['code', 'codes', 'coupon', '券码', '优惠码', '优惠券码', '兑换码'])
const shownWrong = 20

/** The codes of a pasted text or a CSV file: the first column of every line, a head line left out. Pure, so that a form can count while typing. */
export const codesIn = (text: string): { codes: string[]; wrong: CodesTaken['wrong']; twice: number } => {
  const codes = new Set<string>()
  const wrong: CodesTaken['wrong'] = []
  let twice = 0
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const [first = ''] = line.split(/[,;\t，；]/)
    const code = first
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim()
    if (code === '' || (index === 0 && heads.has(code.toLowerCase()))) continue
    if (code.length > maxCouponCode || !/^[!-~]+$/.test(code)) {
      if (wrong.length < shownWrong) wrong.push({ line: index + 1, text: code.slice(0, 40) })
    } else if (codes.has(code)) twice += 1
    else codes.add(code)
  }
  return { codes: [...codes], wrong, twice }
}
