import { z } from 'zod'

/** What the demo company says on stdout, one JSON line each: how far it is, that there is somebody to look at, that its history is made. */
export const Told = z.union([
  z.object({ progress: z.string(), share: z.number().min(0).max(1) }),
  z.object({ usable: z.literal(true) }),
  z.object({ seeded: z.literal(true) }),
])
export type Told = z.infer<typeof Told>
