import { fontFaces } from 'virtual:font-faces';
import type { FontSource, FontSourceSubstitution } from '@docx-editor.dev/core/contracts/editor';
import { defineFontResolver, loadFonts } from '@docx-editor.dev/core/editor';
import { OFFERED_FAMILIES, type ServedFamily, substituteFor } from './font-substitutes.js';

const FACES = [
  { weight: 400, style: 'normal' },
  { weight: 400, style: 'italic' },
  { weight: 700, style: 'normal' },
  { weight: 700, style: 'italic' },
] as const;

/**
 * Answers what a document needs with fonts of our own server only: each named family gets a stand-in that we serve,
 * and only the stand-ins that this document uses are fetched.
 */
export function createFontResolver(fontPath: string) {
  const loaded = new Map<ServedFamily, Promise<readonly FontSource[]>>();
  const load = (family: ServedFamily): Promise<readonly FontSource[]> => {
    const known = loaded.get(family);
    if (known !== undefined) return known;
    const loading = loadFamily(fontPath, family);
    loaded.set(family, loading);
    return loading;
  };

  return defineFontResolver(async ({ families, defaultFamily }) => {
    const named = [...new Set([...families, defaultFamily])];
    const served = [...new Set(named.flatMap((family) => substituteFor(family)?.family ?? []))];
    const sources = (await Promise.all(served.map(load))).flat();
    return { sources, substitutions: named.flatMap(substitutionsOf), supportedFamilies: OFFERED_FAMILIES };
  });
}

async function loadFamily(fontPath: string, family: ServedFamily): Promise<readonly FontSource[]> {
  const base = fontPath.endsWith('/') ? fontPath : `${fontPath}/`;
  const { sources } = await loadFonts({
    sources: fontFaces
      .filter((face) => face.family === family)
      .map(({ file, weight, style, hash }) => ({ url: base + file, family, weight, style, hash })),
  });
  return sources;
}

function substitutionsOf(family: string): FontSourceSubstitution[] {
  const substitute = substituteFor(family);
  if (substitute === null || substitute.family.toLowerCase() === family.toLowerCase()) return [];
  const { family: served, lineMetrics } = substitute;
  return FACES.map((face) => ({
    from: { family, ...face },
    to: { family: served, ...face },
    ...(lineMetrics === undefined ? {} : { lineMetrics }),
  }));
}
