import { z } from 'zod'

const Cover = z.object({ signature: z.string(), imgUrl: z.string() })
/** The head of a member's moments: what updateMomentsSetting changes. */
export type Cover = z.output<typeof Cover>

const keyOf = (userid: string) => `wecom-sandbox-cover-${userid}`

/** Kept in this browser, as the client keeps it on the phone. */
export function loadCover(userid: string, storage: Pick<Storage, 'getItem'> = localStorage): Cover | undefined {
  const kept = storage.getItem(keyOf(userid))
  return kept === null ? undefined : Cover.safeParse(JSON.parse(kept)).data
}

/** What is left empty stays as it was. */
export function saveCover(
  userid: string,
  change: Cover,
  storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage,
): void {
  const old = loadCover(userid, storage)
  const next = { signature: change.signature || (old?.signature ?? ''), imgUrl: change.imgUrl || (old?.imgUrl ?? '') }
  storage.setItem(keyOf(userid), JSON.stringify(next))
}
