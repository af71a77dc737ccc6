/** A little before they come into the window. */
const MARGIN = '200px';

type Listener = (isInSight: boolean) => void;

const listeners = new Map<Element, Set<Listener>>();
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
  const those = listeners.get(element) ?? new Set();
  listeners.set(element, those.add(listener));
  observer.observe(element);
  return () => {
    those.delete(listener);
    if (those.size > 0) return;
    listeners.delete(element);
    observer?.unobserve(element);
  };
}

function tell(entries: readonly IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) {
    for (const listener of listeners.get(target) ?? []) listener(isIntersecting);
  }
}
