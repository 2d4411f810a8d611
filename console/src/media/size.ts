/** 512 B, 34 KB, 2.4 MB. */
export const sizeText = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`
  const kilobytes = bytes / 1024
  if (kilobytes < 1024) return `${Math.round(kilobytes)} KB`
  return `${Math.round((kilobytes / 1024) * 10) / 10} MB`
}

/** Where the console reads a file of the library. */
export const fileUrl = (assetId: string): string => `/api/media/${encodeURIComponent(assetId)}/file`
