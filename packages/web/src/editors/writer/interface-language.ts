import type { Translations } from '@docx-editor.dev/i18n';
import { useEffect, useState } from 'react';

type Loader = () => Promise<Translations>;

/** Catalogues of the editor's own controls, each its own file that only its readers fetch. */
const CATALOGUES: Readonly<Record<string, Loader>> = {
  ar: () => import('@docx-editor.dev/i18n/ar').then((found) => found.default),
  de: () => import('@docx-editor.dev/i18n/de').then((found) => found.default),
  es: () => import('@docx-editor.dev/i18n/es').then((found) => found.default),
  fr: () => import('@docx-editor.dev/i18n/fr').then((found) => found.default),
  he: () => import('@docx-editor.dev/i18n/he').then((found) => found.default),
  hi: () => import('@docx-editor.dev/i18n/hi').then((found) => found.default),
  id: () => import('@docx-editor.dev/i18n/id').then((found) => found.default),
  ja: () => import('@docx-editor.dev/i18n/ja').then((found) => found.default),
  pl: () => import('@docx-editor.dev/i18n/pl').then((found) => found.default),
  pt: () => import('@docx-editor.dev/i18n/pt-BR').then((found) => found.default),
  ru: () => import('@docx-editor.dev/i18n/ru').then((found) => found.default),
  tr: () => import('@docx-editor.dev/i18n/tr').then((found) => found.default),
  zh: () => import('@docx-editor.dev/i18n/zh-CN').then((found) => found.default),
};

/** The catalogue for a language tag, once it has come; English until then and where there is none. */
export function useInterfaceLanguage(tag: string): Translations | undefined {
  const [catalogue, setCatalogue] = useState<Translations | undefined>(undefined);
  useEffect(() => {
    const load = CATALOGUES[tag.toLowerCase().split('-')[0] ?? ''];
    let isCurrent = true;
    void load?.().then((loaded) => {
      if (isCurrent) setCatalogue(() => loaded);
    });
    return () => {
      isCurrent = false;
    };
  }, [tag]);
  return catalogue;
}
