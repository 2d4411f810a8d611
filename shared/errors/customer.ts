import type { Bilingual } from '../text.ts'

/** Customers, their attributes, tags, imports and rights. */
export const customerErrors = {
  'contact.not_held': {
    zh: '{userid} 已不再跟进这位客户，企业微信里改不了备注；已重新读取，请刷新',
    en: '{userid} does not hold this customer any more, so WeCom keeps no notes; read again, please reload',
  },
  'contact.company_of_wechat': {
    zh: '只有微信客户可以备注公司，企业微信客户的公司由对方企业提供',
    en: 'A company can be noted of WeChat users only; WeCom users bring their own',
  },
  'merge.same': {
    zh: '这两位已经是同一位客户，刷新页面可见',
    en: 'These two are one customer already; reload the page',
  },
  'merge.two_in_wecom': {
    zh: '两位都是企业微信外部联系人，企业微信把他们当作两个人，不能合并；如果确实不是同一个人，请选“不是同一人”',
    en: 'Both are WeCom contacts, two people to WeCom, and cannot be merged; if they are two people, say “different people”',
  },
  'merge.keep_wecom': {
    zh: '请保留企业微信里的那一位：外部联系人不能并入别的客户',
    en: 'Keep the one who is a WeCom contact; a WeCom contact cannot become part of another customer',
  },
  'merge.state': {
    zh: '这次合并现在是“{state|mergeState}”，不能拆分；正在进行的请稍等几秒再试',
    en: 'This merge is {state|mergeState} and cannot be split now; if it is under way, try again in a few seconds',
  },
  'tag.in_use': {
    zh: '「{name}」还有地方在用：{uses}。请先在那里去掉它',
    en: '{name} is in use: {uses}. Take it out there first',
  },
  'tag_rule.no_tag': {
    zh: '这条规则的标签已被删除，请换一个标签',
    en: 'The tag of this rule was deleted; choose another',
  },
  'tag_rule.circle': {
    zh: '这些互相依赖，谁也算不出来：{names}；请去掉其中一处',
    en: 'These depend on each other, so none can be worked out: {names}; take one of them out',
  },
  'tag_rule.unknown': {
    zh: '条件里的「{name}」已不存在，请改掉它',
    en: 'The condition asks for {name}, which is not there any more; change it',
  },
  'attribute.reserved': {
    zh: '「{key}」是系统保留的键，请换一个',
    en: '{key} is reserved by the product; choose another key',
  },
  'attribute.type': {
    zh: '这样计算出来的是{type|attribute_type}，请把类型改成它',
    en: 'What is computed like this is of the type {type|attribute_type}; choose that type',
  },
  'attribute.choices': { zh: '单选属性至少要有一个可选值', en: 'A choice needs at least one value to choose' },
  'attribute.not_stated': {
    zh: '「{name}」由系统算出，不能标为敏感；请选「个人」',
    en: '{name} is worked out, so it cannot be marked as sensitive; choose personal',
  },
  'attribute.property': {
    zh: '「{event|fact}」没有「{name}」可算，请从这些里选：{names}',
    en: '{event|fact} has no {name} to work with; choose one of: {names}',
  },
  'attribute.masked': {
    zh: '这是打码后的值，不能保存；请重新填写完整的值',
    en: 'This is the masked value and cannot be saved; write the whole value anew',
  },
  'attribute.built_in': {
    zh: '「{name}」是内置属性，不能删除，可以改名或改敏感级别',
    en: '{name} is built in and cannot be removed; its name and sensitivity may be changed',
  },
  'attribute.in_use': {
    zh: '「{by}」正在用属性「{name}」，请先改掉那里',
    en: '{by} asks for the attribute {name}; change that first',
  },
  'attribute.not_editable': {
    zh: '「{name}」来自实际发生的事，不能手工改',
    en: '{name} comes from what happened and cannot be changed by hand',
  },
  'attribute.value': {
    zh: '「{name}」要填{type|attribute_type}，请改后再保存',
    en: '{name} takes a value of the type {type|attribute_type}; change it and save again',
  },
  'attribute.problem': {
    zh: '「{name}」填的值{problem|value_problem}，请改后再保存',
    en: 'What was written for {name} is {problem|value_problem}; change it and save again',
  },
  'attribute.choice': {
    zh: '「{name}」只能选：{choices}',
    en: '{name} is one of: {choices}',
  },
  'import.empty': {
    zh: '文件里没有数据：第一行要是列名，下面至少一行数据',
    en: 'The file has no data: the first line names the columns, at least one row stands below',
  },
  'import.columns': { zh: '列太多（{found}），最多 {limit} 列', en: 'Too many columns ({found}); at most {limit}' },
  'import.spreadsheet': {
    zh: '这是表格文件，不是 CSV：请在 Excel/WPS 里“另存为 → CSV UTF-8”后再上传',
    en: 'This is a spreadsheet, not CSV: save it as “CSV UTF-8” and upload that',
  },
  'import.encoding': {
    zh: '认不出文件的编码：请另存为 CSV UTF-8 后再上传',
    en: 'The encoding is neither UTF-8 nor GB18030: save the file as “CSV UTF-8” and upload that',
  },
  'import.size': {
    zh: '收到的字节比声明的多（声明 {size}）：请重新上传',
    en: 'More bytes came than announced ({size}); upload again',
  },
  'import.other_file': {
    zh: '这不是刚才的文件：内容和已上传的部分不同。请选原来的文件，或取消这次导入后重新上传',
    en: 'This is another file: it differs from what has arrived. Choose the first one, or cancel this import and upload again',
  },
  'import.at': { zh: '已收到 {received} 字节，请从那里继续', en: '{received} bytes have arrived; go on from there' },
  'import.state': {
    zh: '导入当前是「{state|importState}」，不能这样做',
    en: 'The import is {state|importState}; this cannot be done',
  },
  'import.mapping': {
    zh: '列的对应还不完整：{fault|importFault}',
    en: 'The mapping is not complete: {fault|importFault}',
  },
  'privacy.expired': {
    zh: '这份个人信息副本已过期或还没有做好，请重新申请',
    en: 'This copy has expired or is not ready; ask for another',
  },
  'privacy.under_way': { zh: '这位客户的删除已在进行中', en: 'This customer is being erased already' },
} as const satisfies Record<string, Bilingual>
