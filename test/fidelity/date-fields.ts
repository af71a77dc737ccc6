/** Stands for what a field says that LibreOffice fills in anew with the day or the hour at which it opens a file. */
export const TODAY = 'today';

/** Follows the fields of a WordprocessingML part (ISO/IEC 29500-1, 17.16): whether what is read now is the result of such a field. */
export class DateFields {
  readonly #open: { instruction: string; isResult: boolean }[] = [];

  get isInside(): boolean {
    return this.#open.some(({ instruction, isResult }) => isResult && isOfToday(instruction));
  }

  /** `kind` is that of the `fldChar`; true where a result begins that changes by the day. */
  mark(kind: string | undefined): boolean {
    const last = this.#open.at(-1);
    if (kind === 'begin') this.#open.push({ instruction: '', isResult: false });
    else if (kind === 'end') this.#open.pop();
    else if (last) last.isResult = true;
    return kind === 'separate' && isOfToday(last?.instruction ?? '');
  }

  instruct(text: string): void {
    const last = this.#open.at(-1);
    if (last && !last.isResult) last.instruction += text;
  }

  /** A `fldSimple`, whose content is its result. */
  beginSimple(instruction: string): boolean {
    this.#open.push({ instruction, isResult: true });
    return isOfToday(instruction);
  }

  endSimple(): void {
    this.#open.pop();
  }
}

/** Dates that are kept, as that of the last save, do not change. */
function isOfToday(instruction: string): boolean {
  return /^\s*(?:DATE|TIME)\b/i.test(instruction);
}
