/** What a file can fall short of. */
export type Aspect = 'opens' | 'edit' | 'xml' | 'office' | 'pages' | 'second' | 'untouched' | 'txt' | 'html';

/** Why files fall short, found out one by one; a file that falls short without a reason fails the run. */
export const REASONS: readonly { file: RegExp; aspects: readonly Aspect[]; why: string }[] = [];
