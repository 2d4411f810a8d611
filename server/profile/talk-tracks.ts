import type { Tier } from '@zhiyin/shared/tier'

/** When something can be said. */
export const occasions = ['welcome', 'after_order', 'rhythm', 'wake', 'keep'] as const
export type Occasion = (typeof occasions)[number]

type Track = { readonly text: string; readonly byTier?: Partial<Readonly<Record<Tier, string>>> }

/** Talk tracks (话术) where nobody has written a content yet. `{name}` is the customer's name. */
export const talkTracks: Readonly<Record<Occasion, Track>> = {
  welcome: {
    text: '{name}您好，很高兴认识您！有什么想了解的，随时跟我说，我来帮您挑。',
  },
  after_order: {
    text: '{name}，您的订单我看到啦，收到后有任何问题直接找我。用得怎么样，也欢迎告诉我。',
    byTier: { A: '{name}，感谢您一直以来的支持！这次的订单我会亲自跟进，收到后有任何不满意，直接找我。' },
  },
  rhythm: {
    text: '{name}，算算上次买的差不多该用完了，这次还是老样子吗？我帮您留着。',
    byTier: { A: '{name}，您常用的那款我先给您留了一份，需要的话我今天就安排发出。' },
  },
  wake: {
    text: '{name}，好久没联系了，最近还好吗？这阵子到了些新品，有几款挺适合您，要不要发您看看？',
    byTier: { A: '{name}，好久不见，一直惦记着您。给您留了老客户专属的一份心意，方便时跟我说一声。' },
  },
  keep: {
    text: '{name}，最近有什么需要的吗？有新的活动我第一时间告诉您。',
  },
}
