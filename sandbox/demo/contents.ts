import type { z } from 'zod'
import type { ContentInput } from '@zhiyin/shared/content'

type Given = z.input<typeof ContentInput>

const shop = 'https://shop.example.com'
const link = (title: string, path: string, desc: string): NonNullable<Given['body']['attachments']>[number] => ({
  type: 'link',
  title,
  url: `${shop}/${path}`,
  desc,
})

type Body = Given['body']
const perTier = (bodies: Partial<Record<'A' | 'B' | 'C', Body>>): NonNullable<Given['variants']> =>
  (['A', 'B', 'C'] as const).flatMap((tier) => {
    const body = bodies[tier]
    return body === undefined ? [] : [{ when: { tiers: [tier] }, body }]
  })

/** What the brand writes, a variant per tier where the tone should differ. */
export const contents = {
  welcome: {
    name: '渠道欢迎语',
    body: {
      text: '{{ customer.name }}您好呀，我是初雪护肤的{{ rep.name }}，以后您的护肤问题都可以直接问我～\n新朋友有一份 3 天旅行装想送您，回复您的肤质（干皮 / 油皮 / 混合 / 敏感），我帮您挑最合适的一套。',
      attachments: [link('三分钟测测你的肤质', 'skin-test', '测完把结果发我，我来配方案')],
    },
  },
  recall: {
    name: '沉默召回·第一封（问候）',
    body: { text: '{{ customer.name }}，好久没见您啦。最近换季，皮肤有没有泛红、起皮？有问题随时拍给我看看。' },
    variants: perTier({
      A: {
        text: '{{ customer.name }}，有 {{ days_silent }} 天没和您聊了，上次的{{ last_product | default: "产品" }}应该快用完了吧？老样子我先给您留一份，顺便留了新到的屏障修护小样，您看方便寄到原地址吗？',
      },
      B: {
        text: '{{ customer.name }}，算算上次买的差不多该见底了。这个月老朋友回购送同款小样，需要的话回我个「1」，我帮您安排。',
        attachments: [link('本月回购礼遇', 'repurchase', '老朋友专享，送同款小样')],
      },
      C: { text: '{{ customer.name }}，最近天气干，分享一篇换季护肤的小文章给您，两分钟就能看完，有想问的随时找我～' },
    }),
  },
  coupon: {
    name: '沉默召回·第二封（优惠券）',
    body: {
      text: '{{ customer.name }}，给您申请了一张 30 元老客券，全店可用，七天内有效，需要的话点这里领取。',
      attachments: [link('领取 30 元老客券', 'coupon/30', '七天内有效，全店可用')],
    },
    variants: perTier({
      A: {
        text: '{{ customer.name }}，打扰啦。我给您单独申请了 120 元的会员券，不限品类，这周都能用。不方便也没关系，想用的时候找我就好。',
        attachments: [link('领取 120 元会员券', 'coupon/120', '会员专享，不限品类')],
      },
      B: {
        text: '{{ customer.name }}，给您留了一张 60 元券，满 300 可用，正好够带走您常用的精华，七天内有效哦。',
        attachments: [link('领取 60 元券', 'coupon/60', '满 300 元可用')],
      },
    }),
  },
  lost: {
    name: '流失挽回（诚意）',
    body: {
      text: '{{ customer.name }}，我是初雪的{{ rep.name }}。之前要是有哪里没照顾到您，先跟您说声抱歉。给您留了一份体验礼，不用消费，回我个地址就寄。以后不想再收到消息，也直接告诉我一声就好。',
    },
  },
  weekend: {
    name: '周末会员日',
    body: { text: '周末会员日来啦：全店 9 折，面膜第二件半价，想要什么直接群里喊我～' },
    variants: perTier({
      A: {
        text: '各位老朋友，这周末给大家单独开了会员专场：初雪焕亮礼盒提前两天开售，附赠一次一对一肤质检测，名额 20 个，接龙报名。',
        attachments: [link('会员专场提前购', 'vip-weekend', '礼盒提前两天开售')],
      },
      B: {
        text: '【店长须知】本周末会员日：A 群礼盒提前购，福利群全店 9 折。周五 18:00 前请确认库存，并在企业微信里完成群发。',
      },
      C: {
        text: '周末福利来啦！全店 9 折，补水面膜第二件半价，晚上 8 点群里抽 5 位送防晒小样，记得来～',
        attachments: [link('周末会员日会场', 'weekend', '全店 9 折，面膜第二件半价')],
      },
    }),
  },
} as const satisfies Record<string, Given>

export type ContentKey = keyof typeof contents
