export type Theme = 'light' | 'dark';

/** Dark when the host application asked for it; else as the person's system is, and following it. */
export function followTheme(wantsDark: boolean, page: Document, onChange: (theme: Theme) => void): void {
  const system = page.defaultView?.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const theme: Theme = wantsDark || system?.matches === true ? 'dark' : 'light';
    page.documentElement.dataset.theme = theme;
    onChange(theme);
  };
  system?.addEventListener('change', apply);
  apply();
}
