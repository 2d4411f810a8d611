import type { Trade } from './types.ts'

/** Beauty and skin care sold online: people run out of things, and skin changes with the season. */
export const beauty: Trade = {
  id: 'beauty',
  name: { zh: '美妆电商', en: 'Beauty e-commerce' },
  about: {
    zh: '用完就该补货、换季就要调整：按自己的节奏提醒，按层级说话。',
    en: 'Things run out and skin changes with the season: reminders by each one’s own rhythm, words by tier.',
  },
  words: {
    welcome: {
      name: { zh: '欢迎·了解肤质', en: 'Welcome: your skin' },
      text: {
        zh: '{{ customer.name }}您好呀，我是{{ rep.name }}。以后护肤的问题都可以直接问我～方便告诉我您的肤质吗（干皮 / 油皮 / 混合 / 敏感）？我帮您配一套合适的。',
        en: 'Hello {{ customer.name }}, I am {{ rep.name }}. Ask me anything about your skin. Is it dry, oily, mixed or sensitive? I will put together what suits you.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}您好，我是您的专属顾问{{ rep.name }}。您之前用过的我都记着，以后补货、搭配、售后都可以直接找我。',
          en: 'Hello {{ customer.name }}, I am {{ rep.name }}, your own adviser. I know what you have used so far; come to me for refills, matches and anything that goes wrong.',
        },
      },
    },
    firstOrder: {
      name: { zh: '首单·用得怎么样', en: 'First order: how is it going' },
      text: {
        zh: '{{ customer.name }}，{{ last_product | default: "产品" }}用上了吗？头几天先少量、晚上用，皮肤更容易适应。有任何不舒服都告诉我。',
        en: '{{ customer.name }}, have you tried {{ last_product | default: "it" }} yet? Begin with a little, in the evening; skin gets used to it better. Tell me at once if anything feels wrong.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，{{ last_product | default: "产品" }}用着还顺手吗？我给您整理了搭配顺序，早晚各怎么用，需要的话我发您。',
          en: '{{ customer.name }}, are you pleased with {{ last_product | default: "it" }}? I have written down what goes with it, morning and evening; shall I send it to you?',
        },
      },
    },
    secondOrder: {
      name: { zh: '第二单·搭配建议', en: 'Second order: what goes with it' },
      text: {
        zh: '{{ customer.name }}，用了两周，皮肤有没有稳定一些？这个阶段加一步保湿效果更明显，老朋友第二单有小样，回我「要」我帮您配。',
        en: '{{ customer.name }}, after two weeks, is your skin calmer? One more step of moisture shows now. Samples come with a second order; answer “yes” and I will choose them.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，您的肤质我已经记下来了。下一步我建议先加精华再加面霜，给您留了同系列的体验装，方便的话我帮您安排。',
          en: '{{ customer.name }}, I have noted what your skin is like. I would add the serum first, then the cream; I have kept trial sizes for you and can send them along.',
        },
      },
    },
    replenish: {
      name: { zh: '补货·快用完了', en: 'Refill: it is running out' },
      text: {
        zh: '{{ customer.name }}，算算您的{{ last_product | default: "常用款" }}快见底了，要不要先备一份？现在下单用完正好接上。',
        en: '{{ customer.name }}, your {{ last_product | default: "favourite" }} should be running out. Shall we get one ready? Ordered now it comes just in time.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，{{ last_product | default: "常用款" }}我先给您留了一份，还是寄老地址吗？确认一声我就安排。',
          en: '{{ customer.name }}, I have put one {{ last_product | default: "of your favourites" }} aside for you. To the usual address? A word, and it is on its way.',
        },
      },
    },
    birthday: {
      name: { zh: '生日祝福', en: 'Happy birthday' },
      text: {
        zh: '{{ customer.name }}，生日快乐！愿您今天的好气色一整年都在。本月下单给您备了生日小礼，记得提醒我放上。',
        en: 'Happy birthday, {{ customer.name }}! May you look as well all year as today. A small present goes with this month’s order; just remind me.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，生日快乐！谢谢您一路的信任。我给您准备了一份生日礼，告诉我方便收件的地址，我亲自寄出。',
          en: 'Happy birthday, {{ customer.name }}, and thank you for your trust. I have a present ready for you; tell me where to send it.',
        },
      },
    },
    gentle: {
      name: { zh: '沉默召回·问候', en: 'Silent: a friendly word' },
      text: {
        zh: '{{ customer.name }}，好久没聊啦。最近换季，皮肤有没有泛红、起皮？有问题随时拍给我看看。',
        en: '{{ customer.name }}, it has been a while. The season is turning: any redness or flaking? Send me a picture any time.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，有 {{ days_silent }} 天没和您聊了。换季我给老客人做了一份护理建议，想先听听您最近皮肤的状态？',
          en: '{{ customer.name }}, we have not talked for {{ days_silent }} days. I have written seasonal advice for regulars; how has your skin been?',
        },
      },
    },
    coupon: {
      name: { zh: '沉默召回·老客礼', en: 'Silent: a little something' },
      text: {
        zh: '{{ customer.name }}，给您申请了一份老客优惠，全店可用，本周有效。需要的话回我「券」，我发给您。',
        en: '{{ customer.name }}, I have got you a discount for the whole shop, good this week. Answer “coupon” and it is yours.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，打扰啦。我给您单独申请了会员专享优惠，不限品类；不方便也没关系，想用的时候找我就好。',
          en: '{{ customer.name }}, I have arranged a member’s discount for you alone, on anything you like. No hurry; tell me when you want it.',
        },
      },
      offer: {
        text: {
          zh: '{{ customer.name }}，给您申请了一份老客优惠：{{ coupon.value }}，全店可用{% if coupon.expires %}，{{ coupon.expires }}前有效{% endif %}。券码 {{ coupon.code }}，下单时填上就好。',
          en: '{{ customer.name }}, I have got you a discount for the whole shop: {{ coupon.value }}. Your code is {{ coupon.code }}; enter it when you order.{% if coupon.expires %} It is good until {{ coupon.expires }}.{% endif %}',
        },
        tiers: {
          A: {
            zh: '{{ customer.name }}，打扰啦。我给您单独申请了会员专享：{{ coupon.value }}，不限品类{% if coupon.expires %}，{{ coupon.expires }}前有效{% endif %}。券码 {{ coupon.code }}，想用的时候填上，或发我帮您下单。',
            en: '{{ customer.name }}, I have arranged a member’s discount for you alone: {{ coupon.value }}, on anything you like. The code is {{ coupon.code }}; enter it, or let me order for you.{% if coupon.expires %} It is good until {{ coupon.expires }}.{% endif %}',
          },
        },
      },
    },
    lost: {
      name: { zh: '流失挽回·最后一封', en: 'Lost: one last letter' },
      text: {
        zh: '{{ customer.name }}，很久没见到您了。如果之前哪里没做好，您直接告诉我；想再试试的话，我给您留了一份回归礼。',
        en: '{{ customer.name }}, we have not seen you for long. If we did something wrong, do tell me; if you would like to try again, a present is waiting.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，一直惦记着您。如果是产品不合适，我想听听原因，也可以帮您换；您的会员权益都还在。',
          en: '{{ customer.name }}, I have been thinking of you. If something did not suit you, I would like to know and can exchange it; all your member benefits are still there.',
        },
      },
    },
    vip: {
      name: { zh: '高价值·每月关怀', en: 'VIP: once a month' },
      text: {
        zh: '{{ customer.name }}，这个月的新品和限量我先挑了几样适合您的，有兴趣我发您看看，不合适我们就跳过。',
        en: '{{ customer.name }}, of this month’s new and limited things I have picked the few that suit you. Shall I show them? If not, we skip them.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，这个月到了几样适合您肤质的限量，我给您各留了一份，先看看再决定就好。',
          en: '{{ customer.name }}, some limited things for skin like yours came in. I have kept one of each for you; have a look first.',
        },
      },
    },
  },
  talk: [
    {
      situation: 'needs',
      title: { zh: '问肤质的三句话', en: 'Three questions about skin' },
      text: {
        zh: '想帮您挑准一点，问三个小问题：洗完脸会不会紧绷？下午 T 区油不油？最近有没有泛红刺痛？',
        en: 'To choose well, three small questions: is your skin tight after washing? Is it shiny in the afternoon? Any redness or stinging lately?',
      },
      tiers: [],
    },
    {
      situation: 'price',
      title: { zh: '嫌贵：按天算', en: 'Too dear: by the day' },
      text: {
        zh: '理解您的考虑。这一瓶大概能用两个月，算下来一天几块钱。如果想先试试，我给您拿小样，合适了再买。',
        en: 'I understand. A bottle lasts about two months, that is little a day. Try a sample first and buy it if it suits you.',
      },
      tiers: [],
    },
    {
      situation: 'after_sales',
      title: { zh: '过敏了怎么回', en: 'A reaction' },
      text: {
        zh: '先别着急，马上停用，用清水洗净。方便拍张照片给我吗？我这边先登记，退换都没问题。',
        en: 'Please stop using it at once and rinse with clear water. Can you send me a picture? I will note it; returning it is no problem.',
      },
      tiers: [],
    },
    {
      situation: 'silent',
      title: { zh: '老客电话开场', en: 'Calling a regular' },
      text: {
        zh: '{{ customer.name }}您好，我是{{ rep.name }}，不是推销，就是想问问上次的产品用得怎么样，有没有需要我处理的。',
        en: 'Hello {{ customer.name }}, {{ rep.name }} here. I am not selling anything; I only want to know how you get on with it and whether I can help.',
      },
      tiers: ['A'],
    },
  ],
}
