/**
 * What the text of a statement ends with that a connection should plan once and keep. Only for those whose text and columns
 * never change: a plan outlives a change of its tables by another process.
 */
export const PREPARED = ' /* prepared */';
