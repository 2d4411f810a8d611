import { z } from 'zod'
import { ContentBody } from '../content.ts'
import { TalkLine, TalkTrack, TalkTrackInput } from '../talk-track.ts'
import { endpoint, IdParams, none, Ok } from './endpoint.ts'

export const talkTracks = {
  list: endpoint({
    method: 'GET',
    path: '/api/talk-tracks',
    permission: 'rep',
    summary: 'Talk tracks (话术) for reps, by situation',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(TalkTrack) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/talk-tracks',
    permission: 'manager',
    summary: 'Write a talk track',
    params: none,
    query: none,
    body: TalkTrackInput,
    output: TalkTrack,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/talk-tracks/:id',
    permission: 'manager',
    summary: 'Change a talk track',
    params: IdParams,
    query: none,
    body: TalkTrackInput,
    output: TalkTrack,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/talk-tracks/:id',
    permission: 'manager',
    summary: 'Delete a talk track',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  used: endpoint({
    method: 'POST',
    path: '/api/talk-tracks/:id/used',
    permission: 'rep',
    summary: 'A rep has put it into a chat; `key` makes a repeated call count once',
    params: IdParams,
    query: none,
    body: z.object({ key: z.string().min(8).max(64) }),
    output: Ok,
  }),
  forCustomer: endpoint({
    method: 'GET',
    path: '/api/customers/:id/talk-tracks',
    permission: 'rep',
    summary: 'Talk tracks with a customer’s own words, those for their tier and stage first',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ items: z.array(TalkLine) }),
  }),
}

/** A content item as one customer would get it. `coupon`: a code is taken for them when it is sent. */
export const Material = z.object({
  contentId: z.string(),
  name: z.string(),
  folder: z.string(),
  body: ContentBody,
  coupon: z.boolean(),
})
export type Material = z.infer<typeof Material>

export const materials = {
  forCustomer: endpoint({
    method: 'GET',
    path: '/api/customers/:id/materials',
    permission: 'rep',
    summary: 'Contents as this customer would get them, to send by hand; newest first',
    params: IdParams,
    query: z.object({ q: z.string().trim().max(60).optional() }),
    body: none,
    output: z.object({ items: z.array(Material) }),
  }),
  /** Asked again it is the same code. */
  ready: endpoint({
    method: 'POST',
    path: '/api/customers/:id/materials/:contentId',
    permission: 'rep',
    summary: 'A content ready to send by hand, with a coupon code of the customer’s own where it has one',
    params: IdParams.extend({ contentId: z.string().min(1).max(64) }),
    query: none,
    body: none,
    output: ContentBody,
  }),
}
