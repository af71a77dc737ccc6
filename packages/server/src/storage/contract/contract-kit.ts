/** Opens an empty store, gives it to the test, and closes it however the test ends. */
export type UseStore<Store> = (test: (store: Store) => Promise<void>) => Promise<void>;
