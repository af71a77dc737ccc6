/** A stretch of text of one look. */
export interface PictureRun {
  readonly text: string;
  readonly sizePt: number;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  /** `#RRGGBB`, or null for the page's own ink. */
  readonly color: string | null;
}

export interface PictureLine {
  readonly runs: readonly PictureRun[];
}

/** Widths of letters in parts of the size, about as in the common sans-serif faces. */
const NARROW = /[ijlI.,;:'|!()[\]ft ]/;
const WIDE = /[mwMWQOGCDHNU@%&\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/;

/** Breaks runs into lines that are about as long as `widthPt`; a word that is longer is cut. */
export function wrapRuns(runs: readonly PictureRun[], widthPt: number): readonly PictureLine[] {
  const lines: PictureRun[][] = [[]];
  let used = 0;
  const breakLine = () => {
    lines.push([]);
    used = 0;
  };
  for (const run of runs) {
    for (const piece of run.text.split(/(\n| +)/)) {
      if (piece === '') continue;
      if (piece === '\n') {
        breakLine();
        continue;
      }
      const wide = widthOf(piece, run);
      if (used > 0 && used + wide > widthPt) {
        breakLine();
        if (piece.trim() === '') continue;
      }
      append(lines.at(-1) ?? [], run, wide > widthPt ? cut(piece, run, widthPt) : piece);
      used += wide;
    }
  }
  return lines.filter((line) => line.length > 0).map((line) => ({ runs: line }));
}

function append(line: PictureRun[], run: PictureRun, text: string): void {
  const last = line.at(-1);
  const isSameLook =
    last &&
    last.sizePt === run.sizePt &&
    last.isBold === run.isBold &&
    last.isItalic === run.isItalic &&
    last.color === run.color;
  if (isSameLook) line[line.length - 1] = { ...last, text: last.text + text };
  else line.push({ ...run, text });
}

function widthOf(text: string, run: PictureRun): number {
  let units = 0;
  for (const letter of text) units += NARROW.test(letter) ? 0.27 : WIDE.test(letter) ? 0.8 : 0.5;
  return units * run.sizePt * (run.isBold ? 1.06 : 1);
}

function cut(word: string, run: PictureRun, widthPt: number): string {
  const letters = [...word];
  return letters.slice(0, Math.max(1, Math.floor((widthPt / widthOf(word, run)) * letters.length))).join('');
}
