import { useEffect, useRef, useState } from 'react';
import { Icon } from '../kit/icon.js';
import { whenItemInSight } from './in-sight.js';
import { PictureQueue } from './picture-queue.js';

const queue = new PictureQueue();

/** The first page, once it came into sight; a sheet of paper where there is none to be had. */
export function PagePicture({ path, isReadable }: { path: string; isReadable: boolean }) {
  const frame = useRef<HTMLSpanElement>(null);
  const done = useRef<() => void>(() => {});
  const [asked, setAsked] = useState<string | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const isAsked = asked === path;
  useEffect(() => {
    const item = frame.current?.closest('.lb-item');
    if (!item || !isReadable || isAsked) return;
    const unwatch = whenItemInSight(item, (isInSight) => {
      if (!isInSight) return queue.forget(path);
      queue.want(path, (isOver) => {
        done.current = isOver;
        setAsked(path);
      });
    });
    return () => {
      unwatch();
      queue.forget(path);
    };
  }, [path, isReadable, isAsked]);
  // What is taken off the page while it loads never says so.
  useEffect(() => () => done.current(), []);
  return (
    <span ref={frame} className="lb-picture" aria-hidden="true">
      {isReadable && isAsked && missing !== path ? (
        <img
          src={path}
          alt=""
          decoding="async"
          onLoad={() => done.current()}
          onError={() => {
            setMissing(path);
            done.current();
          }}
        />
      ) : (
        <Icon name={isReadable ? 'document' : 'lock'} size={22} />
      )}
    </span>
  );
}
