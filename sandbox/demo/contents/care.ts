import { inStages, link, perTier, type Given } from './parts.ts'

/** What newcomers and friends of the brand get. */
export const care = {
  welcome: {
    name: '渠道欢迎语',
    folder: '欢迎与关怀',
    body: {
      text: '{{ customer.name }}您好呀，我是初雪护肤的{{ rep.name }}，以后您的护肤问题都可以直接问我～\n新朋友有一份 3 天旅行装想送您，回复您的肤质（干皮 / 油皮 / 混合 / 敏感），我帮您挑最合适的一套。',
      attachments: [link('三分钟测测你的肤质', 'skin-test', '测完把结果发我，我来配方案')],
    },
  },
  birthday: {
    name: '生日祝福',
    folder: '欢迎与关怀',
    body: {
      text: '{{ customer.name }}，生日快乐！愿您这一年气色都像今天一样好。本月下单有一份生日小样，下单时跟我说一声就好。',
    },
    // The first that fits is taken: who has been away hears no word of buying, whatever their tier.
    variants: [
      ...inStages(['silent', 'lost'], {
        text: '{{ customer.name }}，生日快乐！好久没见，只想跟您说一声祝福：新的一岁，皮肤和心情都好好的。',
      }),
      ...perTier({
        A: {
          text: '{{ customer.name }}，生日快乐！谢谢您一直信任初雪。给您备了一份生日礼盒，不用下单，回我一个方便收件的地址就寄出～',
        },
      }),
    ],
  },
} as const satisfies Record<string, Given>
