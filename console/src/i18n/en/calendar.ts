/** The company's working days. */
export const calendar = {
  title: 'Working calendar',
  hint: 'What rules mean by working days and days off. Press a day to make it your own.',
  until: 'Holidays are those the State Council announced, kept until {year}.',
  unknown:
    'The State Council’s holidays are kept until {year} only: this year goes by the week. Set its holidays by hand, or update to a version that knows them.',
  before: 'The year before',
  after: 'The year after',
  work: 'Working day',
  off: 'Day off',
  workShort: 'W',
  offShort: 'H',
  workInstead: 'Worked instead',
  company: 'Set by the company',
  ownDays: 'Days set by the company',
  kind: 'This day',
  name: 'Name',
  nameHint: 'Such as: founding day, sale on duty',
  unset: 'Back to the holidays',
  saved: 'Saved',
}
