import type { Vocabularies } from './vocabulary.ts'

/** Files that are imported. */
export const importsLabels = {
  importState: {
    uploading: { zh: '上传中', en: 'uploading' },
    mapping: { zh: '待开始', en: 'not started' },
    running: { zh: '导入中', en: 'running' },
    paused: { zh: '已暂停', en: 'paused' },
    done: { zh: '已完成', en: 'done' },
    cancelled: { zh: '已取消', en: 'cancelled' },
    failed: { zh: '失败', en: 'failed' },
  },
  importFault: {
    no_identity: {
      zh: '请指定哪一列能认出客户（客户编号、手机、邮箱等）',
      en: 'choose the column that tells who the customer is (number, phone, e-mail…)',
    },
    no_time: { zh: '请指定下单时间', en: 'choose the column with the time of the order' },
    no_amount: {
      zh: '请指定订单金额、本行金额或单价',
      en: 'choose the amount of the order, of the line, or the price',
    },
    twice: { zh: '有两列对应了同一项', en: 'two columns are mapped to the same' },
    wrong_kind: { zh: '有的列不属于这种导入', en: 'a column does not belong to this kind of import' },
    columns: { zh: '列数和文件不符', en: 'not as many columns as the file has' },
  },
} as const satisfies Vocabularies
