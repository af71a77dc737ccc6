/** Light or dark as the person's system is, and following it. */
export function followSystemTheme(page: Document): void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    page.documentElement.dataset.theme = system.matches ? 'dark' : 'light';
  };
  system.addEventListener('change', apply);
  apply();
}
