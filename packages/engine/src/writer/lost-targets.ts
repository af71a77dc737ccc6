const RELATIONSHIP = /<(?:[\w.-]+:)?Relationship\s[^>]*?(?:\/>|>\s*<\/(?:[\w.-]+:)?Relationship\s*>)/g;
const RELATIONSHIPS_PART = /^(.*?)_rels\/[^/]*\.rels$/;

/**
 * A part of relationships without those that lead to a part which the file does not have: other programs leave such behind
 * (LibreOffice names the workbook of a chart and does not write it), and the core then refuses every edit of the
 * document. Only what is read is mended; a save keeps the part as it came.
 */
export function withoutLostTargets(text: string, entryName: string, names: ReadonlySet<string>): string {
  const folder = RELATIONSHIPS_PART.exec(entryName)?.[1];
  if (folder === undefined) return text;
  return text.replace(RELATIONSHIP, (element) => {
    const target = attribute(element, 'Target');
    if (target === undefined || attribute(element, 'TargetMode') === 'External') return element;
    // A place in the document itself is no part.
    if (target.startsWith('#') || attribute(element, 'Type')?.endsWith('/hyperlink')) return element;
    return isThere(target, folder, names) ? element : '';
  });
}

function attribute(element: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(element);
  return match?.[1] ?? match?.[2];
}

/** Names of parts are compared without regard to case (ISO/IEC 29500-2, 6.2.2.3). */
function isThere(target: string, folder: string, names: ReadonlySet<string>): boolean {
  // Not the name of a part: for the core to judge.
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return true;
  const [path = ''] = target.split('#');
  const steps = path.startsWith('/') ? [] : folder.split('/').filter(Boolean);
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  const name = steps.join('/').toLowerCase();
  return names.has(name) || names.has(decoded(name));
}

function decoded(name: string): string {
  try {
    return decodeURI(name);
  } catch {
    return name;
  }
}
