import type { Bilingual } from '../text.ts'

/** Segments and tier schemes. */
export const levelsErrors = {
  'segment.circle': {
    zh: '不能保存：人群之间互相引用，谁也算不出来（{names}）。请去掉其中一处引用',
    en: 'Cannot be saved: these ask for each other and none could be worked out ({names}). Take one of them out',
  },
  'segment.unknown': {
    zh: '条件里的人群「{name}」不存在或已停用，请换一个',
    en: 'The segment {name} in the condition does not exist or is switched off; choose another',
  },
  'segment.in_use': {
    zh: '「{name}」还有地方在用：{uses}。请先在那里去掉它',
    en: '{name} is in use: {uses}. Take it out there first',
  },
  'segment.kind': {
    zh: '「{name}」不是这一类人群：按条件的人群自动进出，名单靠人放入和移出',
    en: '{name} is of the other kind: segments with a condition fill by themselves, lists by hand',
  },
  'segment.filling': {
    zh: '这个名单正在填充，请等它完成再试',
    en: 'This list is being filled; try again when that is done',
  },
  'segment.reason': {
    zh: '导出不打码的文件要写明原因',
    en: 'To export in the clear, say why',
  },
  'segment.export_state': {
    zh: '这份文件现在不能下载（{state|segment_export}），请刷新或重新导出',
    en: 'This file cannot be had now ({state|segment_export}); reload or export again',
  },
  'scheme.level_twice': {
    zh: '层级的键和名称都不能重复：{name}',
    en: 'Levels need keys and names of their own; this one is there twice: {name}',
  },
  'scheme.no_hold': {
    zh: '按阶段或按条件分的层级没有掉级缓冲，缓冲天数只能是 0；要留缓冲，把天数写进条件',
    en: 'Levels by stage or by conditions have no hold: it must be 0 days; put the days into the conditions',
  },
  'scheme.limits_rise': {
    zh: '「{measure|tier_measure}」的 {count} 个界限，后一个不能比前一个小',
    en: 'Of the {count} limits of {measure|tier_measure} none may be smaller than the one before it',
  },
  'scheme.limits_fall': {
    zh: '从好到次，各层级的界限不能越来越大，且都要大于 0',
    en: 'From the best level down no limit may be larger than the one before it, and all must be above 0',
  },
  'scheme.sums_fall': {
    zh: '从好到次，各层级要的分数要一个比一个少',
    en: 'From the best level down, the points asked for must fall one after the other',
  },
  'scheme.limit_count': {
    zh: '{levels} 个层级之间要有 {want} 个界限，现在是 {have} 个',
    en: '{levels} levels need {want} limits between them; there are {have}',
  },
  'scheme.beyond_window': {
    zh: 'R 的界限（{days} 天）超过了统计期（{window} 天），永远用不上',
    en: 'A limit of recency ({days} days) lies beyond the window ({window} days) and would never count',
  },
  'scheme.shares': {
    zh: '要填 {want} 个累计占比，从好到次一个比一个大，在 0 和 100% 之间',
    en: 'Give {want} cumulative share(s), rising from the best level down, between 0 and 100 %',
  },
  'scheme.level_unknown': {
    zh: '层级「{level}」不在这个方案里，请重新选择',
    en: 'There is no level {level} in this scheme; choose another',
  },
  'scheme.level_unused': {
    zh: '没有任何情况会落到层级「{level}」：给它一个条件，或删掉它',
    en: 'Nothing leads to the level {level}: give it a condition or take it out',
  },
  'scheme.asks_unknown': {
    zh: '条件里的「{name}」不存在或已停用，请换一个',
    en: '{name} in a condition does not exist or is switched off; choose another',
  },
  'scheme.circle': {
    zh: '不能保存：互相引用，谁也算不出来（{names}）。请去掉其中一处引用',
    en: 'Cannot be saved: these ask for each other and none could be worked out ({names}). Take one of them out',
  },
  'scheme.in_use': {
    zh: '「{name}」的层级还有地方在用：{uses}。请先在那里去掉',
    en: 'Levels of {name} are in use: {uses}. Take them out there first',
  },
  'scheme.primary': {
    zh: '「{name}」是主方案，不能删除：先把别的方案设为主方案',
    en: '{name} is the primary scheme and cannot be deleted; make another one primary first',
  },
  'scheme.too_many': {
    zh: '最多 {limit} 个分层方案，请先删掉不用的',
    en: 'At most {limit} tier schemes; delete one nobody uses first',
  },
  'trial.state': {
    zh: '这次复盘现在是「{state|trial}」，不能这样做；请刷新',
    en: 'This review is {state|trial}; this cannot be done now, please reload',
  },
  'trial.nothing': { zh: '这次复盘没有建议可采用', en: 'This review proposes nothing' },
} as const satisfies Record<string, Bilingual>
