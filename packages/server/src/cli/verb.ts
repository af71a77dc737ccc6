/** One verb of the command line; answers the exit code. */
export type Verb = (args: readonly string[]) => Promise<number>;
