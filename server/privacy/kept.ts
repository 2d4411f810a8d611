/** What stays after somebody was erased, and why it may. Stands on every certificate. */
export const keptByLaw = [
  {
    what: '审计记录：谁在何时发起并完成了删除 / audit: who had it erased, and when',
    why: '《个人信息保护法》第 69 条的举证责任，《网络安全法》第 21 条日志留存 / PIPL art. 69, Cybersecurity Law art. 21',
  },
  {
    what: '身份标识的加密散列 / keyed hashes of the identities',
    why: '防止旧数据再次导入后重建此人 / so that old data does not make them anew',
  },
  {
    what: '规则与群发的汇总数字（不含个人信息） / counts of rules and broadcasts, without the person',
    why: '已匿名化，《个人信息保护法》第 4 条 / anonymous, PIPL art. 4',
  },
  {
    what: '已发给其他客户的消息（其中的号码加密保存） / messages sent to other customers, numbers in them sealed',
    why: '属于其他客户的沟通记录 / they are the record of what others were told',
  },
  {
    what: '当时尚未完成的导入文件，加密保存 / files of imports that were under way, sealed',
    why: '文件中还有其他客户；导入完成、取消或到期即删除，不会由它重建此人 / others stand in them; deleted as soon as the import is over, and nobody erased is made anew by them',
  },
  {
    what: '企业微信侧的好友关系，由跟进成员在企业微信中删除 / the contact in WeCom, which the rep deletes there',
    why: '由企业微信保存，不在本系统内 / kept by WeCom, not here',
  },
] as const
