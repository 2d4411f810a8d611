import { z } from 'zod'
import { letters } from '../ids.ts'
import type { AlbumRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { checkMedia } from './attachments.ts'
import { post } from './endpoint.ts'
import { known } from './errors.ts'
import { given } from './given.ts'
import { page } from './page.ts'
import { chars, cursor, limit, seconds } from './schema.ts'

const cgi = '/cgi-bin/externalcontact'
const ALBUM = 2
const productId = z.string().min(1)
const description = chars(300).min(1)
/** In 分. */
const price = z.int().min(0).max(5_000_000)
const product_sn = z.string().regex(/^[\da-zA-Z]{1,128}$/)
const attachments = z
  .array(z.object({ type: z.literal('image'), image: z.object({ media_id: z.string().min(1) }) }))
  .min(1)
  .max(9)
type Attachments = z.infer<typeof attachments>

function checkPictures(world: World, pictures: Attachments): void {
  for (const { image } of pictures) checkMedia(world, image.media_id, ALBUM)
}

const find = (world: World, id: string): AlbumRow => known(world.store.albums.get(id), 40058, 'product_id')
const shown = ({ create_time, ...album }: AlbumRow) => ({ ...album, create_time: seconds(create_time) })

/** Product albums (商品图册). */
export const albums = [
  post(
    `${cgi}/add_product_album`,
    z.object({ description, price, product_sn: product_sn.optional(), attachments }),
    (world, { product_sn: sn, ...asked }) => {
      checkPictures(world, asked.attachments)
      const product_id = letters(32)
      const album = { product_id, create_time: world.clock.now(), ...asked, ...given({ product_sn: sn }) }
      world.store.albums.set(product_id, album)
      return { product_id }
    },
  ),
  post(`${cgi}/get_product_album`, z.object({ product_id: productId }), (world, { product_id }) => ({
    product: shown(find(world, product_id)),
  })),
  post(`${cgi}/get_product_album_list`, z.object({ limit: limit(50, 100), cursor }), (world, { limit, cursor }) => {
    const all = [...world.store.albums.values()]
    const { rows, next_cursor } = page('albums', all, (album) => album.product_id, cursor, limit)
    return { product_list: rows.map(shown), next_cursor }
  }),
  post(
    `${cgi}/update_product_album`,
    z.object({
      product_id: productId,
      description: description.optional(),
      price: price.optional(),
      product_sn: product_sn.optional(),
      attachments: attachments.optional(),
    }),
    (world, { product_id, ...asked }) => {
      const old = find(world, product_id)
      checkPictures(world, asked.attachments ?? [])
      world.store.albums.set(product_id, { ...old, ...given(asked) })
      return {}
    },
  ),
  post(`${cgi}/delete_product_album`, z.object({ product_id: productId }), (world, { product_id }) => {
    find(world, product_id)
    world.store.albums.delete(product_id)
    return {}
  }),
]
