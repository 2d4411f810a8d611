import type { Vocabularies } from './vocabulary.ts'

/** Contents, their files and the situations they are for. */
export const contentLabels = {
  content_state: {
    ready: { zh: '可用', en: 'Ready' },
    waiting: { zh: '待审批', en: 'Awaits approval' },
    expired: { zh: '已到期', en: 'Expired' },
  },
  variant: {
    default: { zh: '默认版', en: 'Default' },
    segment: { zh: '人群', en: 'Segment' },
  },
  situation: {
    greeting: { zh: '打招呼', en: 'Greeting' },
    needs: { zh: '了解需求', en: 'Finding out needs' },
    recommend: { zh: '推荐产品', en: 'Recommending' },
    price: { zh: '嫌贵', en: 'Price objection' },
    hesitating: { zh: '犹豫不决', en: 'Hesitating' },
    after_sales: { zh: '售后', en: 'After sales' },
    silent: { zh: '久未联系', en: 'Silent' },
    birthday: { zh: '生日', en: 'Birthday' },
    thanks: { zh: '感谢', en: 'Thanks' },
  },
  media: {
    image: { zh: '图片', en: 'Image' },
    voice: { zh: '语音', en: 'Voice' },
    video: { zh: '视频', en: 'Video' },
    file: { zh: '文件', en: 'File' },
  },
} as const satisfies Vocabularies
