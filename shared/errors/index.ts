import { z } from 'zod'
import { fill, type Lang, type Params } from '../text.ts'
import { customerErrors } from './customer.ts'
import { levelsErrors } from './levels.ts'
import { requestErrors } from './request.ts'
import { sendingErrors } from './sending.ts'
import { wecomErrors } from './wecom.ts'

/** Every error a person or a script can get from the product: what is wrong and what to do, in both languages. */
export const errorTexts = {
  ...customerErrors,
  ...levelsErrors,
  ...requestErrors,
  ...sendingErrors,
  ...wecomErrors,
} as const

export type ErrorCode = keyof typeof errorTexts

export const sayError = (code: ErrorCode, params: Params, lang: Lang, timeZone?: string): string =>
  fill(errorTexts[code], params, lang, timeZone)

/** The body of every failed answer. `fields` names each wrong input for a form. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    requestId: z.string(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
})
export type ErrorBody = z.infer<typeof ErrorBody>
