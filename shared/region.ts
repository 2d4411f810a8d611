import { z } from 'zod'

/** A place by GB/T 2260: the 6-digit code and the official names down to where it is known. */
export const Region = z.object({
  code: z.string().regex(/^\d{6}$/),
  province: z.string(),
  city: z.string().nullable(),
  district: z.string().nullable(),
})
export type Region = z.infer<typeof Region>
