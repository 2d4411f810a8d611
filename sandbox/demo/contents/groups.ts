import { link, perTier, type Given } from './parts.ts'

const folder = '社群'

/** What groups get: the members' group is spoken to as friends, the benefit group gets offers, the managers' group what to prepare. */
export const groups = {
  weekend: {
    name: '周末会员日',
    folder,
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
  lesson: {
    name: '周二护肤小课',
    folder,
    body: { text: '周二护肤小课：换季泛红先减清洁、再补屏障，急着上猛药反而更糟。有问题群里直接问～' },
    variants: perTier({
      A: {
        text: '周二护肤小课·会员版：屏障修护分三步，先减清洁、再补脂质、最后才是功效。想看自己在哪一步，拍张素颜照私发我，我一对一看。',
        attachments: [link('屏障修护的三个阶段', 'articles/barrier', '五分钟读完')],
      },
      C: {
        text: '周二护肤小课：泛红起皮别急着换产品，先把洁面减到一天一次，坚持三天看看～',
        attachments: [link('换季泛红，先别急着上猛药', 'articles/redness', '两分钟读完')],
      },
    }),
  },
  salon: {
    name: '会员一对一答疑',
    folder,
    body: { text: '今晚 8 点答疑，有护肤问题的朋友先把照片和用品发我，我按顺序回～' },
    variants: perTier({
      A: { text: '今晚 8 点会员答疑专场，老规矩：先把照片和正在用的产品发我，我按顺序一对一回，到 9 点半。' },
    }),
  },
  benefit: {
    name: '周五福利',
    folder,
    body: {
      text: '周五福利：今晚 8 点前下单送面膜 2 片，群里报暗号「初雪」就行～',
      attachments: [link('本周福利清单', 'friday', '每周五更新')],
    },
  },
  briefing: {
    name: '店长周一要点',
    folder,
    body: { text: '【店长须知】本周三件事：① 周二小课后收集提问；② 周四会员答疑排班；③ 周五福利备足面膜小样。' },
  },
} as const satisfies Record<string, Given>
