import { link, perTier, type Given } from './parts.ts'
import type { CouponIds } from '../coupons.ts'

const folder = '召回与挽回'

/** What those get who have gone quiet; a coupon code of their own where the text names one. */
export const recall = (coupons: CouponIds) =>
  ({
    recall: {
      name: '沉默召回·第一封（问候）',
      folder,
      body: { text: '{{ customer.name }}，好久没见您啦。最近换季，皮肤有没有泛红、起皮？有问题随时拍给我看看。' },
      variants: perTier({
        A: {
          text: '{{ customer.name }}，有 {{ days_silent }} 天没和您聊了，上次的{{ last_product | default: "产品" }}应该快用完了吧？老样子我先给您留一份，顺便留了新到的屏障修护小样，您看方便寄到原地址吗？',
        },
        B: {
          text: '{{ customer.name }}，算算上次买的差不多该见底了。这个月老朋友回购送同款小样，需要的话回我个「1」，我帮您安排。',
          attachments: [link('本月回购礼遇', 'repurchase', '老朋友专享，送同款小样')],
        },
        C: {
          text: '{{ customer.name }}，最近天气干，分享一篇换季护肤的小文章给您，两分钟就能看完，有想问的随时找我～',
        },
      }),
    },
    coupon: {
      name: '沉默召回·第二封（券·直接说）',
      folder,
      couponId: coupons.thirty,
      body: {
        text: '{{ customer.name }}，给您申请了一张老客券，{{ coupon.value }}，券码 {{ coupon.code }}，下单时填上就行。',
        attachments: [link('去用 30 元老客券', 'coupon/30', '全店可用')],
      },
      variants: [
        {
          when: { tiers: ['B'] },
          couponId: coupons.sixty,
          body: {
            text: '{{ customer.name }}，给您留了一张券，{{ coupon.value }}，券码 {{ coupon.code }}，正好够带走您常用的精华。',
            attachments: [link('去用 60 元券', 'coupon/60', '满 300 元可用')],
          },
        },
      ],
    },
    coupon_story: {
      name: '沉默召回·第二封（券·先给建议）',
      folder,
      couponId: coupons.thirty,
      body: {
        text: '{{ customer.name }}，换季这几天先把清洁减到一天一次，保湿多一层，泛红会好很多。想补货的话有张券给您留着：{{ coupon.value }}，券码 {{ coupon.code }}。',
        attachments: [link('换季护肤三件事', 'season', '文末可直接用券')],
      },
      variants: [
        {
          when: { tiers: ['B'] },
          couponId: coupons.sixty,
          body: {
            text: '{{ customer.name }}，上次的{{ last_product | default: "产品" }}换季可以薄涂两层，吸收更好。要补货的话券给您留着：{{ coupon.value }}，券码 {{ coupon.code }}。',
            attachments: [link('换季护肤三件事', 'season', '文末可直接用券')],
          },
        },
      ],
    },
    lost: {
      name: '流失挽回（诚意）',
      folder,
      body: {
        text: '{{ customer.name }}，我是初雪的{{ rep.name }}。之前要是有哪里没照顾到您，先跟您说声抱歉。给您留了一份体验礼，不用消费，回我个地址就寄。以后不想再收到消息，也直接告诉我一声就好。',
      },
    },
  }) satisfies Record<string, Given>
