/**
 * The way of packing that this version knows, named in `hello.packed`: a frame as raw deflate (RFC 1951) with
 * `FRAME_DICTIONARY` before it, sent as a binary frame. Another dictionary is another way and gets the next number.
 */
export const FRAME_PACKING = 1;

/** What frames of a busy room are made of, the most frequent last, where references to it are shortest. */
export const FRAME_DICTIONARY =
  '"values":{"revision":,"tracked":true,"ranges":[["delta":{"set":[{"localName":"","attributes":{"val":"' +
  '"kind":"splitParagraph","kind":"setRunProperties","kind":"deleteText","ranges":[["@' +
  '[{"t":"presence","selections":[{"client":"","selection":null},{"client":"' +
  '","selection":{"anchor":["^/word/document.xml#",0],"head":["^/word/document.xml#",0]}},{"client":"' +
  '","selection":{"anchor":["@/word/document.xml#0123456789' +
  '","selection":{"anchor":[".0",0],"head":[".0",0]}},{"client":"' +
  '[{"t":"ops","operations":[{"sequence":,"client":"","actor":"","author":"","n":,"base":,"at":17,"o":{"ops":' +
  '[{"kind":"insertText","at":["^/word/document.xml#",0],"values":{"text":" "}}]}}]},{"t":"presence","selections":[{"client":"' +
  '","n":1,"base":1,"at":17,"o":{"ops":[{"kind":"insertText","at":[".0",0],"values":{"text":""}}]}},{"sequence":1,"client":"';
