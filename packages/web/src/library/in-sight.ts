/** A little before they come into the window. */
const MARGIN = '200px';

type Listener = (isInSight: boolean) => void;

interface Watched {
  listeners: Set<Listener>;
  /** Undefined until the browser has looked. */
  isInSight: boolean | undefined;
}

const watched = new Map<Element, Watched>();
let observer: IntersectionObserver | null = null;

/**
 * Tells whenever a document of the list comes into sight or leaves it, until the answer is called. Only those of groups that
 * are in sight are watched: a browser looks at everything that is watched at every frame.
 */
export function whenItemInSight(item: Element, listener: Listener): () => void {
  let unwatch: (() => void) | null = null;
  const leave = () => {
    unwatch?.();
    unwatch = null;
  };
  const unwatchGroup = watch(item.parentElement ?? item, (isInSight) => {
    if (isInSight) unwatch ??= watch(item, listener);
    else if (unwatch) {
      leave();
      listener(false);
    }
  });
  return () => {
    unwatchGroup();
    leave();
  };
}

function watch(element: Element, listener: Listener): () => void {
  observer ??= new IntersectionObserver(tell, { rootMargin: `${MARGIN} 0px` });
  const known = watched.get(element) ?? { listeners: new Set(), isInSight: undefined };
  known.listeners.add(listener);
  if (!watched.has(element)) {
    watched.set(element, known);
    observer.observe(element);
  }
  // The browser tells of changes only: whoever comes later hears how it stands.
  if (known.isInSight !== undefined) listener(known.isInSight);
  return () => {
    known.listeners.delete(listener);
    if (known.listeners.size > 0 || watched.get(element) !== known) return;
    watched.delete(element);
    observer?.unobserve(element);
  };
}

function tell(entries: readonly IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) {
    const known = watched.get(target);
    if (!known) continue;
    known.isInSight = isIntersecting;
    for (const listener of [...known.listeners]) listener(isIntersecting);
  }
}
