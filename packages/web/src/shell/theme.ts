export type Theme = 'light' | 'dark';

/** As the person's system is; never dark where the host application does not offer it (`ui_options.dark_mode`). */
export function themeOf(mayBeDark: boolean, page: Document): Theme {
  return mayBeDark && systemOf(page)?.matches === true ? 'dark' : 'light';
}

/** Sets the theme, and again whenever the person's system changes. */
export function followTheme(mayBeDark: boolean, page: Document, onChange: (theme: Theme) => void): void {
  const apply = () => {
    const theme = themeOf(mayBeDark, page);
    page.documentElement.dataset.theme = theme;
    onChange(theme);
  };
  systemOf(page)?.addEventListener('change', apply);
  apply();
}

function systemOf(page: Document): MediaQueryList | undefined {
  return page.defaultView?.matchMedia('(prefers-color-scheme: dark)');
}
