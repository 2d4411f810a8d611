import type { Trade } from './types.ts'

/** Courses taught online: people stop learning before they stop buying, and finish one course before the next. */
export const education: Trade = {
  id: 'education',
  name: { zh: '在线教育', en: 'Online education' },
  about: {
    zh: '先让人学起来，再谈续课：开课陪伴、续费提醒、结课升班。',
    en: 'Learning comes before selling: company at the start, a word before renewal, the next course after the last lesson.',
  },
  words: {
    welcome: {
      name: { zh: '欢迎·学习目标', en: 'Welcome: your aim' },
      text: {
        zh: '{{ customer.name }}您好，我是学习顾问{{ rep.name }}。想学什么、每天大概有多少时间？告诉我，我给您排一份能坚持下来的计划。',
        en: 'Hello {{ customer.name }}, I am {{ rep.name }}, your study adviser. What would you like to learn and how much time a day? I will make a plan you can keep up.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}您好，我是您的专属学习顾问{{ rep.name }}。您学过的课程和进度我都能看到，接下来怎么安排可以直接问我。',
          en: 'Hello {{ customer.name }}, I am {{ rep.name }}, your own study adviser. I see what you have learnt and how far you are; ask me what comes next.',
        },
      },
    },
    firstOrder: {
      name: { zh: '报名后·开课提醒', en: 'After joining: the first lesson' },
      text: {
        zh: '{{ customer.name }}，课程开始了吗？第一周只要上两节就不容易掉队。卡在哪里截图发我。',
        en: '{{ customer.name }}, have you begun? Two lessons in the first week and you will not fall behind. Send me a picture of where you are stuck.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，第一周感觉难度合适吗？如果偏简单或偏难，我帮您调整班次。',
          en: '{{ customer.name }}, how was the first week? If it is too easy or too hard, I can move you to another class.',
        },
      },
    },
    secondOrder: {
      name: { zh: '第二门课·路线建议', en: 'Second course: the way on' },
      text: {
        zh: '{{ customer.name }}，学到这里已经打好基础了。下一门建议接着练应用，老学员有连报优惠，想看路线图回我「路线」。',
        en: '{{ customer.name }}, you have the basics. I would practise next; there is a price for those who go on. Answer “plan” to see the way.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，按您的进度，我做了一份接下来三个月的路线，包含进阶课和直播答疑，方便时我讲给您听。',
          en: '{{ customer.name }}, from your progress I have made a plan for three months, with the advanced course and live answers. When may I explain it?',
        },
      },
    },
    replenish: {
      name: { zh: '续课·该接上了', en: 'Renewal: time to go on' },
      text: {
        zh: '{{ customer.name }}，按您以往的节奏，差不多该接下一期了。现在报，老师和班级都可以保留。',
        en: '{{ customer.name }}, by your own rhythm the next term is due. Joining now keeps your teacher and your class.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，下一期我先给您留了原来老师的位置，周末前确认就好，时间不合适我们再调。',
          en: '{{ customer.name }}, I have kept a place with your teacher for the next term. Tell me by the weekend; we can move the time.',
        },
      },
    },
    birthday: {
      name: { zh: '生日祝福', en: 'Happy birthday' },
      text: {
        zh: '{{ customer.name }}，生日快乐！愿新的一岁学有所得。送您一节公开课，想听哪个主题告诉我。',
        en: 'Happy birthday, {{ customer.name }}! May you learn much this year. An open lesson is our present; tell me which subject.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，生日快乐！谢谢您一直坚持。给您准备了一次一对一答疑作为生日礼，约个时间吧。',
          en: 'Happy birthday, {{ customer.name }}, and well done for going on. Our present is an hour alone with a teacher; when would suit you?',
        },
      },
    },
    gentle: {
      name: { zh: '停课召回·问候', en: 'Silent: a friendly word' },
      text: {
        zh: '{{ customer.name }}，最近是不是有点忙？停下来几天没关系，从 15 分钟的复习课接上就好，要不要我把链接找给您？',
        en: '{{ customer.name }}, are you busy? A few days off are no harm; a quarter of an hour of revision is enough to come back. Shall I look it out for you?',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，有 {{ days_silent }} 天没见您来上课了。我和老师看了您的进度，可以把后面的课压缩成每周两次，您看行吗？',
          en: '{{ customer.name }}, we missed you for {{ days_silent }} days. The teacher and I could fit the rest into two lessons a week; would that do?',
        },
      },
    },
    coupon: {
      name: { zh: '停课召回·复学礼', en: 'Silent: a reason to return' },
      text: {
        zh: '{{ customer.name }}，复学的同学可以免费延长两周有效期，需要的话回我「延期」，我帮您办。',
        en: '{{ customer.name }}, who comes back gets two more weeks for nothing. Answer “extend” and I will see to it.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，我给您申请了一个月的延期和一次补课，不用补差价，告诉我从哪天开始。',
          en: '{{ customer.name }}, I have got you another month and a lesson to catch up, at no cost. From which day?',
        },
      },
      offer: {
        text: {
          zh: '{{ customer.name }}，复学的同学有一份复学礼：{{ coupon.value }}{% if coupon.expires %}，{{ coupon.expires }}前有效{% endif %}。兑换码 {{ coupon.code }}，报课时填上即可；不知道从哪节接上就问我。',
          en: '{{ customer.name }}, who comes back gets this: {{ coupon.value }}. The code is {{ coupon.code }}; enter it when you book. Ask me which lesson to begin with.{% if coupon.expires %} It is good until {{ coupon.expires }}.{% endif %}',
        },
        tiers: {
          A: {
            zh: '{{ customer.name }}，我给您申请了一份专属复学礼：{{ coupon.value }}{% if coupon.expires %}，{{ coupon.expires }}前有效{% endif %}。兑换码 {{ coupon.code }}，续课时直接用；补课的时间我来帮您排。',
            en: '{{ customer.name }}, I have arranged this for you alone: {{ coupon.value }}. The code is {{ coupon.code }}; use it when you renew, and I will find the time to catch up.{% if coupon.expires %} It is good until {{ coupon.expires }}.{% endif %}',
          },
        },
      },
    },
    lost: {
      name: { zh: '流失挽回·最后一封', en: 'Lost: one last letter' },
      text: {
        zh: '{{ customer.name }}，很久没见您来学习了。是课程不合适，还是时间不够？告诉我原因，我帮您换课或退费，不用不好意思。',
        en: '{{ customer.name }}, it has been long. Was it the course or the time? Tell me, and I will change it or give the money back; do not be shy.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，您的学习记录和权益都还在。想换方向的话，我请老师给您重新做一次评估，不收费。',
          en: '{{ customer.name }}, your record and your benefits are still there. If you want another direction, a teacher will assess you anew, at no cost.',
        },
      },
    },
    vip: {
      name: { zh: '高价值·每月学习小结', en: 'VIP: a monthly summary' },
      text: {
        zh: '{{ customer.name }}，这个月的学习情况我整理好了，哪里进步、哪里要补，想看的话我发您。',
        en: '{{ customer.name }}, I have put together your month: where you got better, what to repeat. Shall I send it?',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，这个月的学习小结和下月安排都准备好了，老师也写了两句话给您，方便时我发给您。',
          en: '{{ customer.name }}, your month and the plan for the next are ready, with a few lines of your teacher. May I send them?',
        },
      },
    },
    graduate: {
      name: { zh: '结课·升班', en: 'Finished: the next class' },
      text: {
        zh: '{{ customer.name }}，恭喜结课！给您做了一份结课测评，看看适合升到哪个班，回我「测评」就发您。',
        en: 'Congratulations on finishing, {{ customer.name }}! There is a test that shows which class comes next; answer “test” and I will send it.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，恭喜结课！您的成绩可以直接进进阶班，老师给您留了位置，想先听一节试听课吗？',
          en: 'Congratulations, {{ customer.name }}! You can go straight to the advanced class; a place is kept for you. Would you like a trial lesson first?',
        },
        C: {
          zh: '{{ customer.name }}，恭喜结课！不着急报新课，先用一周把错题过一遍，我给您列了清单。',
          en: 'Congratulations, {{ customer.name }}! No hurry with the next course: a week over your mistakes first; I have made a list.',
        },
      },
    },
  },
  talk: [
    {
      situation: 'needs',
      title: { zh: '问目标和时间', en: 'Aim and time' },
      text: {
        zh: '学这个是为了工作、考试还是兴趣？有截止时间吗？一周能拿出几个晚上？',
        en: 'Is it for work, an exam or for pleasure? Is there a date? How many evenings a week have you got?',
      },
      tiers: [],
    },
    {
      situation: 'price',
      title: { zh: '嫌贵：先试听', en: 'Too dear: try first' },
      text: {
        zh: '价格是要考虑清楚的。您先听一节试听课，觉得老师合适再定；分期也可以，不收手续费。',
        en: 'Of course you want to think about it. Listen to a trial lesson first and decide when you know the teacher; instalments cost nothing more.',
      },
      tiers: [],
    },
    {
      situation: 'hesitating',
      title: { zh: '怕坚持不下来', en: 'Afraid of giving up' },
      text: {
        zh: '大多数同学都担心这个。我们按周给您排课，落下两节我会主动找您，前两周不适应可以退。',
        en: 'Most people fear that. We plan week by week, I call you when you miss two lessons, and in the first two weeks you can step back.',
      },
      tiers: [],
    },
    {
      situation: 'silent',
      title: { zh: '停课电话开场', en: 'Calling about a break' },
      text: {
        zh: '{{ customer.name }}您好，我是{{ rep.name }}，看到您有阵子没上课了，是时间不方便还是内容偏难？我帮您调一调。',
        en: 'Hello {{ customer.name }}, {{ rep.name }} here. You have not been in class for a while: is it the time or is it hard? I can change that.',
      },
      tiers: ['A', 'B'],
    },
  ],
}
