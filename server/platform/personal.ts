/** The kinds of personal data that are kept sealed. `text`: whatever attribute managers have marked as sensitive. */
export const personalKinds = ['phone', 'email', 'address', 'id_number', 'text'] as const
export type PersonalKind = (typeof personalKinds)[number]

const names: Readonly<Record<Exclude<PersonalKind, 'text'>, readonly string[]>> = {
  phone: ['phone', 'mobile', 'mobiles', 'phonenumber', 'mobilephone', 'cellphone', 'tel', 'telephone', '手机', '手机号', '电话', '联系电话'], // prettier-ignore
  email: ['email', 'emails', 'mail', 'emailaddress', '邮箱', '电子邮箱'],
  address: ['address', 'street', 'shippingaddress', 'billingaddress', 'addressline1', 'addressline2', '地址', '收货地址', '详细地址'], // prettier-ignore
  id_number: ['idnumber', 'idcard', 'idcardnumber', 'identitycard', 'passport', 'passportnumber', '身份证', '身份证号', '证件号'], // prettier-ignore
}
const kindByName = new Map(
  personalKinds.flatMap((kind) => (kind === 'text' ? [] : names[kind].map((name) => [name, kind] as const))),
)

/** What a field of this name holds; null for what is not personal by its name. */
export const kindOfName = (name: string): PersonalKind | null =>
  kindByName.get(name.toLowerCase().replace(/[\s_.-]/g, '')) ?? null

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const
/** The check digit of a resident's id number (GB 11643-1999), so that long order numbers are left alone. */
const isIdNumber = (text: string): boolean => {
  const sum = weights.reduce((total, weight, i) => total + weight * Number(text[i]), 0)
  return '10X98765432'[sum % 11] === text[17]?.toUpperCase()
}

const found =
  /(?<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<![\w.])(?<id>\d{17}[\dXx])(?![\w])|(?<![\d.])(?<phone>(?:\+?86[ -]?)?1[3-9]\d{9})(?!\d)/g

/** Puts something else in the place of every phone, e-mail address and id number in a text. */
export const replacePersonal = (text: string, by: (kind: PersonalKind, value: string) => string): string =>
  /[@\d]/.test(text)
    ? text.replace(found, (whole: string, email?: string, id?: string, phone?: string) => {
        if (email !== undefined) return by('email', email)
        if (id !== undefined) return isIdNumber(id) ? by('id_number', id) : whole
        return phone === undefined ? whole : by('phone', phone)
      })
    : text

const stars = '****'
/** What stands in the place of a sensitive attribute. */
export const hiddenValue = stars

/** A value as somebody may see it who may not see all of it: enough to recognize, too little to use. */
export const masked = (kind: PersonalKind, value: string): string => {
  switch (kind) {
    case 'phone': {
      // As it looks in its normal form, so that the same one written in two ways is shown as one.
      const bare = value.replace(/[\s()\-.]/g, '').replace(/^(?:\+|00)?86(?=1\d{10}$)/, '')
      return bare.length < 8 ? stars : `${bare.slice(0, -8)}${stars}${bare.slice(-4)}`
    }
    case 'email':
      return `${value.slice(0, 1)}***${value.slice(value.indexOf('@'))}`
    case 'address':
      return `${value.slice(0, 6)}${stars}`
    case 'id_number':
      return `${value.slice(0, 3)}${stars}${stars}${value.slice(-2)}`
    case 'text':
      return stars
  }
}
