import { textsOf, textLimit, variantFor, withTexts, type ContentBody, type Who } from '@zhiyin/shared/content'
import { cutBytes } from '@zhiyin/shared/bytes'
import { maxCouponCode } from '@zhiyin/shared/coupon'
import { fill, parse } from './template.ts'
import type { Catalog } from './variables.ts'
import type { Vars } from './vars.ts'
import { couponMark, type CouponFacts } from './coupon-mark.ts'
import type { Wording } from './contents.model.ts'

/** A body with its variables filled in; `variant` names the one that was chosen. */
export type Rendered = { readonly body: ContentBody; readonly variant: string }
/** What a batch of coupons says in a message. Null: there is no such batch. */
export type CouponOf = (couponId: string) => Promise<CouponFacts | null>

type Compiled = (vars: Vars, catalog: Catalog) => ContentBody

const couponPaths = (paths: readonly string[]): boolean => paths.some((path) => path.startsWith('coupon.'))

const compileBody = (body: ContentBody, zone: string): { render: Compiled; coupon: boolean } => {
  const parts = textsOf(body).map(({ text, limit }) => ({ template: parse(text), limit }))
  const coupon = parts.some(({ template }) => couponPaths(template.paths))
  // A code may weigh more than the mark that stands for it until it is sent.
  const room = (limit: number, marks: boolean): number => (marks && limit === textLimit ? limit - maxCouponCode : limit)
  const render: Compiled = (vars, catalog) =>
    withTexts(
      body,
      parts.map(({ template, limit }) =>
        cutBytes(fill(template, vars, catalog, zone), room(limit, couponPaths(template.paths))),
      ),
    )
  return { render, coupon }
}

type Deps = { zone: string; catalog: () => Promise<Catalog>; couponOf: CouponOf }

/** What renders one version of a content. Each body is parsed once, when somebody first gets it. */
export const createCompile = ({ zone, catalog, couponOf }: Deps) => {
  return (wording: Wording) => {
    const bodies = new Map<ContentBody, ReturnType<typeof compileBody>>()
    return async (who: Who, vars: Vars): Promise<Rendered> => {
      const { body, variant, couponId } = variantFor(wording, who)
      const compiled = bodies.get(body) ?? compileBody(body, zone)
      bodies.set(body, compiled)
      const facts = compiled.coupon && couponId !== null ? await couponOf(couponId) : null
      const known =
        facts === null || couponId === null ? vars.known : { ...vars.known, ...couponMark(couponId, facts, zone) }
      return { body: compiled.render({ ...vars, known }, await catalog()), variant }
    }
  }
}

export type RenderWording = ReturnType<ReturnType<typeof createCompile>>
