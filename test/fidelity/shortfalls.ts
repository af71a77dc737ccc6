import { type Measurement, totalOf } from './measure.js';
import { type Aspect, REASONS } from './reasons.js';
import { STORIES } from './stories.js';
import { type Agreement, f1Of } from './words.js';

export interface Shortfall {
  readonly name: string;
  readonly aspect: Aspect;
  readonly detail: string;
  /** Null for one that nobody has looked into yet. */
  readonly reason: string | null;
}

/** A file below this has lost more than nothing. */
export const WANTED_F1 = 0.999;

export function shortfallsOf(measurement: Measurement): Shortfall[] {
  const { name } = measurement.subject;
  const found: { aspect: Aspect; detail: string }[] = [];
  const add = (aspect: Aspect, detail: string) => found.push({ aspect, detail });
  if (!measurement.opens) add('opens', measurement.why);
  else {
    if (!measurement.edited) add('edit', 'no word could be put in');
    if (isShort(totalOf(measurement.byXml))) add('xml', storyDetail(measurement.byXml));
    if (isShort(totalOf(measurement.byOffice))) add('office', storyDetail(measurement.byOffice));
    if (measurement.officeRefusal !== null) add('office', measurement.officeRefusal.slice(0, 120));
    const { pages } = measurement;
    if (pages && pages.original !== pages.ours) add('pages', `${pages.original} became ${pages.ours}`);
    if (!measurement.secondSaveEqual) add('second', 'the second save differs');
    if (!measurement.untouched) add('untouched', 'a save without an edit changed an entry');
    if (isShort(measurement.textOut)) add('txt', agreementDetail(measurement.textOut));
    if (lacksWords(measurement.pageOut)) add('html', agreementDetail(measurement.pageOut));
  }
  return found.map(({ aspect, detail }) => ({ name, aspect, detail, reason: reasonFor(name, aspect) }));
}

function reasonFor(name: string, aspect: Aspect): string | null {
  const known = REASONS.find(({ file, aspects }) => file.test(name) && aspects.includes(aspect));
  return known?.why ?? null;
}

function isShort(agreement: Agreement | null): boolean {
  return agreement !== null && f1Of(agreement) < WANTED_F1;
}

/** A page says more than the text: numbers of notes, words of comments, what was deleted under review. */
function lacksWords(agreement: Agreement | null): boolean {
  return agreement !== null && agreement.wanted > 0 && agreement.shared / agreement.wanted < WANTED_F1;
}

function storyDetail(agreements: Extract<Measurement, { opens: true }>['byXml']): string {
  const short = STORIES.flatMap((story) => {
    const each = agreements?.[story];
    return each && isShort(each) ? [`${story} ${agreementDetail(each)}`] : [];
  });
  return short.join('; ');
}

function agreementDetail(agreement: Agreement | null): string {
  if (!agreement) return '';
  const { wanted, found, shared, missing } = agreement;
  const lost = missing.length === 0 ? '' : ` (lacks ${missing.slice(0, 3).join(', ')} …)`;
  return `${shared} of ${wanted} words${lost}, ${found - shared} more`;
}
