/** Everything that was sent. */
export const sends = {
  hint: '产品发出的每一条，带着状态和理由；点开看它的一生。',
  delivery: '送达',
  empty: '没有发送记录',
  emptyHint: '规则启用或群推送之后，每一条都会出现在这里。',
  notYours: '客户不由你的部门跟进',
  byHand: '人工',
  life: '这条消息的一生',
}
