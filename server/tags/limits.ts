/** Corp tags a company may have (apis.md §5); some were given more. Beyond them a tag stays ours alone. */
export const mostTags = 3000
