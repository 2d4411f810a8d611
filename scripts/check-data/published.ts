/*
 * What has been published of rfm_data_orders by the R package rfm (github.com/rsquaredacademy/rfm): the table of its README, analysis date
 * 2006-12-31, and the segment “Champions” (R, F and M of 4 or 5) of its test of rfm_segment.
 */
/** Days since the last order, orders, revenue, scores. Titles behind names (DVM, PhD …) are not in the file. */
export const readmeTable: readonly (readonly [string, number, number, number, string])[] = [
  ["Abbey O'Reilly", 205, 6, 472, '343'],
  ['Add Senger', 140, 3, 340, '412'],
  ['Aden Lesch', 194, 4, 405, '323'],
  ['Admiral Senger', 132, 5, 448, '433'],
  ["Agness O'Keefe", 90, 9, 843, '555'],
  ['Aileen Barton', 84, 9, 763, '555'],
  ['Ailene Hermann', 281, 8, 699, '355'],
  ['Aiyanna Bruen', 246, 4, 157, '321'],
  ['Ala Schmidt', 349, 3, 363, '212'],
  ['Alannah Borer', 619, 4, 196, '121'],
]
export const champions = { customers: 158, orders: 1234, revenue: 120_178 }
