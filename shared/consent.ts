import { z } from 'zod'

/**
 * What a customer may agree to (PIPL 13–16, 23, 24). `marketing`: messages that sell; `profiling`: attributes, tags and segments worked
 * out of their behaviour; `sharing`: handing their data on outside the company; `service`: keeping what serving them needs, which
 * nothing asks for, since it rests on the contract (docs/consent.md).
 */
export const purposes = ['marketing', 'profiling', 'sharing', 'service'] as const
export const Purpose = z.enum(purposes)
export type Purpose = z.infer<typeof Purpose>

export const consentStates = ['granted', 'withdrawn', 'unknown'] as const
export const ConsentState = z.enum(consentStates)
export type ConsentState = z.infer<typeof ConsentState>

/** Where it was said. */
export const consentSources = ['rep', 'customer', 'form', 'import', 'wecom', 'ingest'] as const
export const ConsentSource = z.enum(consentSources)
export type ConsentSource = z.infer<typeof ConsentSource>

/** What systems repeat of what they have on file. The others are acts: somebody agreed or withdrew, or noted that. */
export const isReport = (source: ConsentSource): boolean => source === 'import' || source === 'ingest'

/** What proves it: the words, or a file of the media library. */
export const ConsentProof = z.object({
  text: z.string().trim().min(1).max(500).optional(),
  assetId: z.string().min(1).max(64).optional(),
})
export type ConsentProof = z.infer<typeof ConsentProof>

/** The word that stands on one purpose. */
export const Consent = z.object({
  purpose: Purpose,
  state: ConsentState,
  source: ConsentSource.nullable(),
  /** A userid where a member noted it. */
  by: z.string().nullable(),
  proof: ConsentProof.nullable(),
  at: z.iso.datetime().nullable(),
  /** A later report of a system that says otherwise and does not count: what somebody withdrew is lifted by themselves or a rep. */
  overruled: z.object({ state: ConsentState, source: ConsentSource, at: z.iso.datetime() }).nullable(),
})
export type Consent = z.infer<typeof Consent>

export type Consents = Readonly<Record<Purpose, ConsentState>>
export const noConsents: Consents = {
  marketing: 'unknown',
  profiling: 'unknown',
  sharing: 'unknown',
  service: 'unknown',
}

/** Whether something may be done for a purpose. A withdrawal always forbids it. */
export const allows = (state: ConsentState, needsGrant: boolean): boolean =>
  state === 'granted' || (state === 'unknown' && !needsGrant)

/** What a trait of systems that know no consents says: `marketing_consent: "granted"`, as true, 'yes' or the like. */
export const consentOfTrait = (
  key: string,
  value: unknown,
): { purpose: Purpose; state: 'granted' | 'withdrawn' } | null => {
  const purpose = purposes.find((one) => key === `${one}_consent`)
  if (purpose === undefined) return null
  if (value === 'granted' || value === true) return { purpose, state: 'granted' }
  return value === 'withdrawn' || value === false ? { purpose, state: 'withdrawn' } : null
}
