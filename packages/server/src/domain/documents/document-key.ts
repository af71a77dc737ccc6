/** Internal name of one *life* of a document: importing the caller's id afresh begins another life with another key. */
export type DocumentKey = string;
