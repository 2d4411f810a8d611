import type { attachment as zhAttachment, greet as zhGreet, media as zhMedia } from '../zh/media.ts'

export const media: typeof zhMedia = {
  title: 'Media library',
  hint: 'Images, videos, voice and files are kept here; they are put into WeCom before they are sent, and renewed before that ends.',
  limits: {
    image: 'jpg, png, at most 10 MB',
    voice: 'amr, at most 2 MB and 60 s',
    video: 'mp4, at most 10 MB',
    file: 'any format, at most 20 MB',
  },
  upload: 'Upload: {kind}',
  uploading: 'Uploading…',
  uploaded: 'Uploaded',
  search: 'Search by file name',
  empty: 'Nothing here yet: {kind}',
  emptyHint: 'Upload the first one; content and group pushes can use it.',
  noMatch: 'No file matches',
  ready: 'In WeCom',
  notYet: 'Put into WeCom when it is used',
  problem: 'Could not be put into WeCom: {why}',
  choose: 'Choose: {kind}',
  use: 'Use {name}',
  remove: 'Delete {name}',
  removeAsk: 'Delete {name}? This cannot be undone.',
  removed: 'Deleted',
  seconds: '{n} s',
  open: 'Open {name}',
}

export const attachment: typeof zhAttachment = {
  add: 'Attachments',
  left: '{n} more possible',
  kinds: { link: 'Link card', image: 'Image', miniprogram: 'Mini-program', video: 'Video', file: 'File' },
  replace: 'Replace',
  cover: 'Cover (best 520 × 416)',
  miniTitle: 'Title ({n} / 64 bytes)',
  appid: 'AppID of the mini-program',
  appidHint: 'begins with wx; must be linked to the company',
  page: 'Page path',
  pageHint: 'e.g. pages/index.html',
  picture: 'Upload a cover',
  pictureLimit: 'jpg, png, at most 2 MB',
  byUrl: 'An image sent by its address',
  incomplete: 'An attachment is not filled in: {kind}',
}

export const greet: typeof zhGreet = {
  reps: 'Which reps were added (none = any)',
  who: 'New or known customers',
  anyone: 'Anyone',
  newcomer: 'New',
  returning: 'Known',
  whoHint: 'Known: held by any rep before, or has bought',
  hours: 'Hours',
  allDay: 'At any time',
  only: 'Within hours',
  from: 'from',
  to: 'to',
  days: 'None = every day',
  order:
    'Where several welcome rules fit, only the most specific one greets: channel › rep › new or known › hours › condition; of equal ones the one changed last.',
}
