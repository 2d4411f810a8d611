import { z } from 'zod'
import { contract, nothing, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { uploadPicture } from '../testing/upload.ts'
import { albums } from './albums.ts'

const picture = (media_id: string) => ({ type: 'image', image: { media_id } })

const prepare = async (sandbox: Sandbox) => {
  const media = await uploadPicture(sandbox, { attachment_type: '2' })
  const album = { description: '新茶', price: 9900, product_sn: 'SN01', attachments: [picture(media)] }
  const make = async () => text.parse((await sandbox.post('externalcontact/add_product_album', album))['product_id'])
  return { media, ordinary: await uploadPicture(sandbox), product: await make(), spare: await make() }
}

const product = z.strictObject({
  product_id: text,
  description: text,
  price: z.int(),
  product_sn: z.literal('SN01'),
  create_time: seconds,
  attachments: z
    .array(z.strictObject({ type: z.literal('image'), image: z.strictObject({ media_id: text }) }))
    .length(1),
})

contract(albums, prepare, {
  '/cgi-bin/externalcontact/add_product_album': {
    good: ({ media }) => ({ description: '新茶', price: 5_000_000, attachments: [picture(media)] }),
    shape: z.strictObject({ product_id: text.min(1) }),
    bad: ({ media, ordinary }) => [
      [{ price: 1, attachments: [picture(media)] }, 40063],
      [{ description: '字'.repeat(301), price: 1, attachments: [picture(media)] }, 40058],
      [{ description: 'x', price: 5_000_001, attachments: [picture(media)] }, 40058],
      [{ description: 'x', price: 1.5, attachments: [picture(media)] }, 40058],
      [{ description: 'x', price: 1, product_sn: 'SN-01', attachments: [picture(media)] }, 40058],
      [{ description: 'x', price: 1, attachments: Array.from({ length: 10 }, () => picture(media)) }, 40058],
      [{ description: 'x', price: 1, attachments: [{ msgtype: 'image', image: { media_id: media } }] }, 40063],
      [{ description: 'x', price: 1, attachments: [picture('gone')] }, 40007],
      [{ description: 'x', price: 1, attachments: [picture(ordinary)] }, 41072],
    ],
  },
  '/cgi-bin/externalcontact/get_product_album': {
    good: (known) => ({ product_id: known.product }),
    shape: z.strictObject({ product }),
    bad: () => [
      [{ product_id: 'x' }, 40058],
      [{}, 40063],
    ],
  },
  '/cgi-bin/externalcontact/get_product_album_list': {
    good: () => ({ limit: 1 }),
    shape: z.strictObject({ product_list: z.array(product).length(1), next_cursor: text.min(1) }),
    bad: () => [
      [{ limit: 101 }, 40058],
      [{ cursor: 'made-up' }, 50100],
    ],
  },
  '/cgi-bin/externalcontact/update_product_album': {
    good: (known) => ({ product_id: known.product, price: 8800 }),
    shape: nothing,
    bad: (known) => [
      [{ product_id: 'x', price: 1 }, 40058],
      [{ product_id: known.product, attachments: [picture(known.ordinary)] }, 41072],
    ],
  },
  '/cgi-bin/externalcontact/delete_product_album': {
    good: ({ spare }) => ({ product_id: spare }),
    shape: nothing,
    bad: ({ spare }) => [[{ product_id: spare }, 40058]],
    last: true,
  },
})
