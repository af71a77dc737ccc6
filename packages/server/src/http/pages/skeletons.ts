const DARK =
  '--sk-back:#14161c;--sk-card:#1c1f27;--sk-line:#343a48;--sk-ink:#eceef4;--sk-soft:#a5adbf;--sk-brand:#7b9bff';

/** Colours and type that every page has before its own style sheet has come; the names are local to the skeletons. */
export const BASE_STYLE = `
:root{color-scheme:light dark;--sk-back:#f4f5f8;--sk-card:#fff;--sk-line:#dfe2ea;--sk-ink:#1b1f2a;--sk-soft:#5a6275;--sk-brand:#2f5bea}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${DARK}}}
:root[data-theme=light]{color-scheme:light}
*{box-sizing:border-box}
html,body,#officina-root{height:100%}
body{margin:0;background:var(--sk-back);color:var(--sk-ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.sk-bar{height:52px;display:flex;align-items:center;gap:12px;padding:0 16px;background:var(--sk-card);border-bottom:1px solid var(--sk-line);font-weight:600;white-space:nowrap;overflow:hidden}
.sk-mark{width:22px;height:22px;flex:none;border-radius:6px;background:var(--sk-brand)}
.sk-noscript{position:fixed;inset:auto 0 0;margin:0;padding:16px;text-align:center;background:var(--sk-card)}
.sk-pulse{animation:sk-pulse 1.4s ease-in-out infinite alternate;background:var(--sk-line);border-radius:6px}
@keyframes sk-pulse{to{opacity:.45}}
@media (prefers-reduced-motion:reduce){.sk-pulse{animation:none}}
`;

const DOCUMENT_STYLE = `
.sk-tools{height:44px;background:var(--sk-card);border-bottom:1px solid var(--sk-line)}
.sk-desk{height:calc(100% - 96px);overflow:hidden;display:flex;justify-content:center;padding:24px 16px 0}
.sk-paper{width:816px;max-width:100%;background:var(--sk-card);border:1px solid var(--sk-line);border-bottom:0;padding:96px}
.sk-paper i{display:block;height:12px;margin:0 0 18px}
.sk-paper i:nth-child(1){width:46%;height:20px;margin-bottom:32px}
.sk-paper i:nth-child(4){width:72%}
@media (max-width:640px){.sk-paper{padding:48px 28px}}
`;

const PANEL_STYLE = `
.sk-panel{max-width:880px;margin:10vh auto 0;padding:0 20px}
.sk-panel i{display:block;height:14px;margin-bottom:16px}
.sk-panel i:first-child{height:40px;width:70%}
.sk-panel i:last-child{height:180px;border-radius:12px}
`;

interface SkeletonParts {
  style: string;
  /** `title` is already escaped. */
  markup(title: string): string;
}

const document: SkeletonParts = {
  style: DOCUMENT_STYLE,
  markup: (title) =>
    `<div class="sk-bar"><span class="sk-mark"></span>${title}</div><div class="sk-tools"></div><div class="sk-desk" role="status" aria-label="Opening the document"><div class="sk-paper">${'<i class="sk-pulse"></i>'.repeat(4)}</div></div>`,
};

const panel: SkeletonParts = {
  style: PANEL_STYLE,
  markup: () =>
    `<div class="sk-bar"><span class="sk-mark"></span>Officina</div><div class="sk-panel" role="status" aria-label="Loading">${'<i class="sk-pulse"></i>'.repeat(3)}</div>`,
};

/** What a page looks like until its script has taken over. */
export const SKELETONS = { document, panel } as const;
export type Skeleton = keyof typeof SKELETONS;
