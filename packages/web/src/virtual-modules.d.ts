/** Made at build time by `build/font-files.ts` from the font packages. */
declare module 'virtual:font-faces' {
  export interface ServedFontFace {
    readonly family: string;
    readonly weight: number;
    readonly style: 'normal' | 'italic';
    /** Name below the font path; it carries the content's hash. */
    readonly file: string;
    /** `sha256:` and the hex digest of the bytes. */
    readonly hash: string;
  }
  export const fontFaces: readonly ServedFontFace[];
}
