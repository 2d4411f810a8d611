import type { TalkTrackInput } from '@zhiyin/shared/talk-track'
import type { Audit } from '../audit/audit.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { TalkTracks } from '../talk/talk-tracks.ts'

type Deps = { talkTracks: Pick<TalkTracks, 'create' | 'update' | 'remove'>; audit: Audit }
type Written = Awaited<ReturnType<TalkTracks['create']>>

/** A manager writes a talk track (`id` null), changes one, deletes one. */
export const writeTalkTrack = ({ talkTracks, audit }: Deps) => {
  const note = (actor: SignedIn, verb: string, { _id, title }: Written) =>
    audit.record({ actor, act: `talk_track.${verb}`, subject: `talk_track:${_id}`, detail: { name: title } })
  return {
    async write(actor: SignedIn, id: string | null, input: TalkTrackInput): Promise<Written> {
      const by = nameOf(actor)
      const track = id === null ? await talkTracks.create(input, by) : await talkTracks.update(id, input, by)
      await note(actor, id === null ? 'create' : 'update', track)
      return track
    },
    remove: async (actor: SignedIn, id: string): Promise<void> => note(actor, 'remove', await talkTracks.remove(id)),
  }
}
