import type { Trade } from './types.ts'

/** Restaurants: guests have a day and a table of their own, and come again when somebody remembers it. */
export const restaurant: Trade = {
  id: 'restaurant',
  name: { zh: '餐饮门店', en: 'Restaurants' },
  about: {
    zh: '记得口味、记得日子：第二次到店最要紧，按到店节奏邀约。',
    en: 'Remember tastes and dates: the second visit matters most; invitations by each guest’s own rhythm.',
  },
  words: {
    welcome: {
      name: { zh: '欢迎·口味与忌口', en: 'Welcome: your taste' },
      text: {
        zh: '{{ customer.name }}您好，我是{{ rep.name }}。订位、留菜都可以直接找我～有什么忌口或偏爱，告诉我，下次到店我提前安排。',
        en: 'Hello {{ customer.name }}, I am {{ rep.name }}. Come to me for tables and dishes to be kept. Tell me what you like or do not eat and I will see to it.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}您好，我是{{ rep.name }}，以后您订位直接发我时间和人数就行，您常坐的位置我尽量给您留。',
          en: 'Hello {{ customer.name }}, I am {{ rep.name }}. Just send me time and number; I will do my best to keep your usual table.',
        },
      },
    },
    firstOrder: {
      name: { zh: '首次到店·回访', en: 'First visit: how was it' },
      text: {
        zh: '{{ customer.name }}，上次用餐还满意吗？哪道菜合口味、哪里可以更好，您直接说，我转给厨房。',
        en: '{{ customer.name }}, did you enjoy your meal? Tell me what you liked and what could be better; I pass it on to the kitchen.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，谢谢您到店。主厨想听听您的意见，下次来给您加一道没上菜单的，您看哪天方便？',
          en: 'Thank you for coming, {{ customer.name }}. The chef would like your opinion, and has a dish that is not on the menu for you; which day would suit you?',
        },
      },
    },
    secondOrder: {
      name: { zh: '第二次到店·邀约', en: 'Second visit: an invitation' },
      text: {
        zh: '{{ customer.name }}，这两周上了新的时令菜。第二次到店送一份招牌小食，想来提前一天跟我说就行。',
        en: '{{ customer.name }}, there are new dishes of the season. A small house speciality is on us at the second visit; tell me a day before.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，时令菜单换好了，主厨按您上次的口味配了一套，想先给您留周末的位置，您看可以吗？',
          en: '{{ customer.name }}, the new menu is ready and the chef made a course to your taste. May I keep a table for the weekend?',
        },
      },
    },
    replenish: {
      name: { zh: '常客·该来坐坐了', en: 'Regulars: it is about time' },
      text: {
        zh: '{{ customer.name }}，算算您也该来坐坐了～这周人不多，想吃什么提前告诉我，我给您留。',
        en: '{{ customer.name }}, it is about time for your visit. There is room this week; tell me what you would like and I will keep it.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，这周您常点的那几样食材都很新鲜，老位置我先给您留着，几位、几点，回我一声就好。',
          en: '{{ customer.name }}, what you usually have is very fresh this week. Your table is kept; how many and when?',
        },
      },
    },
    birthday: {
      name: { zh: '生日祝福', en: 'Happy birthday' },
      text: {
        zh: '{{ customer.name }}，生日快乐！本月到店送您一碗长寿面，记得提前跟我说一声。',
        en: 'Happy birthday, {{ customer.name }}! A bowl of birthday noodles is on us this month; just tell me before you come.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，生日快乐！今年想在哪天庆祝？包间和蛋糕我来安排，您只管带朋友来。',
          en: 'Happy birthday, {{ customer.name }}! Which day will you celebrate? I see to the room and the cake; just bring your friends.',
        },
      },
    },
    gentle: {
      name: { zh: '久未到店·问候', en: 'Silent: a friendly word' },
      text: {
        zh: '{{ customer.name }}，好久没见您啦。最近上了几道时令菜，想着合您口味，跟您说一声。',
        en: '{{ customer.name }}, it has been a while. There are some dishes of the season that I think you would like.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，有 {{ days_silent }} 天没见您了，您常点的那道这个月做了点改良，想请您来尝尝，给点意见。',
          en: '{{ customer.name }}, we have not seen you for {{ days_silent }} days. Your usual dish has been improved; would you come and tell us?',
        },
      },
    },
    coupon: {
      name: { zh: '久未到店·到店礼', en: 'Silent: something on the house' },
      text: {
        zh: '{{ customer.name }}，给您留了一份到店礼，本周工作日可用，回我「留位」我帮您订。',
        en: '{{ customer.name }}, something on the house is waiting for you, on working days this week. Answer “table” and I will book.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，我跟店长给您申请了一份主厨套餐的升级，不限日子，您定好时间告诉我就行。',
          en: '{{ customer.name }}, I have got you the chef’s menu in place of the usual one, on any day; only tell me when.',
        },
      },
      offer: {
        text: {
          zh: '{{ customer.name }}，给您留了一份到店礼：{{ coupon.value }}{% if coupon.expires %}，{{ coupon.expires }}前有效{% endif %}。到店出示券码 {{ coupon.code }} 就好，要订位回我「留位」。',
          en: '{{ customer.name }}, something is waiting for you at our table: {{ coupon.value }}. Show the code {{ coupon.code }} when you come; answer “table” and I will book.{% if coupon.expires %} It is good until {{ coupon.expires }}.{% endif %}',
        },
        tiers: {
          A: {
            zh: '{{ customer.name }}，我跟店长给您申请了专属礼遇：{{ coupon.value }}，不限日子{% if coupon.expires %}，{{ coupon.expires }}前有效{% endif %}。券码 {{ coupon.code }}，您定好时间告诉我，位置我来留。',
            en: '{{ customer.name }}, the manager agreed to this for you alone: {{ coupon.value }}, on any day. The code is {{ coupon.code }}; tell me when and the table is yours.{% if coupon.expires %} It is good until {{ coupon.expires }}.{% endif %}',
          },
        },
      },
    },
    lost: {
      name: { zh: '流失挽回·最后一封', en: 'Lost: one last letter' },
      text: {
        zh: '{{ customer.name }}，很久没见您了。如果上次有哪里没照顾好，您跟我说，我们改；想再来的话，这一顿的甜品我请。',
        en: '{{ customer.name }}, it has been long. If we did not look after you well, tell me and we will do better; if you come again, dessert is on me.',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，店里一直惦记着您。店长想亲自给您留一次位置，有什么不满意的也请您直说。',
          en: '{{ customer.name }}, we have been thinking of you. The manager would like to keep a table for you, and to hear what was not right.',
        },
      },
    },
    vip: {
      name: { zh: '贵宾·每月先知', en: 'VIP: first to know' },
      text: {
        zh: '{{ customer.name }}，这个月的限量和新菜我先跟您说，想尝哪样提前给您留。',
        en: '{{ customer.name }}, you are the first to hear of this month’s new and rare dishes; shall I keep one for you?',
      },
      tiers: {
        A: {
          zh: '{{ customer.name }}，这个月主厨的限量只有几份，我给您记了一份，想哪天来跟我说一声就好。',
          en: '{{ customer.name }}, there are only a few of the chef’s specials this month. One has your name on it; just tell me the day.',
        },
      },
    },
  },
  talk: [
    {
      situation: 'greeting',
      title: { zh: '订位三问', en: 'Booking: three questions' },
      text: {
        zh: '好的，请问几位、几点到？有没有老人小孩？有忌口或者要庆祝的吗？我一起安排好。',
        en: 'With pleasure. How many, and when? Any children or elderly guests? Anything you do not eat, or something to celebrate?',
      },
      tiers: [],
    },
    {
      situation: 'after_sales',
      title: { zh: '客人投诉', en: 'A complaint' },
      text: {
        zh: '实在抱歉让您不愉快了。您把情况告诉我，我现在就找店长，今天之内给您答复。',
        en: 'I am very sorry. Tell me what happened; I will go to the manager now and you will hear from me today.',
      },
      tiers: [],
    },
    {
      situation: 'silent',
      title: { zh: '老客电话开场', en: 'Calling a regular' },
      text: {
        zh: '{{ customer.name }}您好，我是{{ rep.name }}，好久没见您来了，想问问您最近怎么样，要不要给您留个位置？',
        en: 'Hello {{ customer.name }}, {{ rep.name }} here. We have not seen you for a while: how are you, and may I keep a table?',
      },
      tiers: ['A'],
    },
  ],
}
