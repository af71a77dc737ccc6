import { useId, useState } from 'react';
import { CopyButton } from '../front/copy-button.js';
import { makeSamples, type SampleValues } from './samples.js';

/** The same in the integrator's own code: copy, run. */
export function SamplesView({ values }: { values: SampleValues }) {
  const samples = makeSamples(values);
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const sample = samples[chosen] ?? samples[0];
  if (!sample) return null;
  return (
    <section className="pg-samples" aria-label="Code samples">
      <div className="pg-samples-bar">
        <div
          className="pg-tabs"
          role="tablist"
          aria-label="Language"
          onKeyDown={(event) => moveFocus(event.key, event.currentTarget)}
        >
          {samples.map(({ name }, index) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`${id}-${index}`}
              aria-selected={index === chosen}
              aria-controls={`${id}-code`}
              tabIndex={index === chosen ? 0 : -1}
              onClick={() => setChosen(index)}
            >
              {name}
            </button>
          ))}
        </div>
        <CopyButton text={sample.code} label={`Copy the ${sample.name} sample`} />
      </div>
      <div role="tabpanel" id={`${id}-code`} aria-labelledby={`${id}-${chosen}`}>
        <p className="pg-before">
          <code>{sample.before}</code>
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region takes the focus */}
        <pre className="pg-code" tabIndex={0}>
          {sample.code}
        </pre>
      </div>
    </section>
  );
}

/** Arrow keys move between the tabs of a list, as people who use the keyboard expect. */
export function moveFocus(key: string, list: HTMLElement): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (step === undefined) return;
  const tabs = [...list.querySelectorAll<HTMLElement>('[role=tab]')];
  const current = tabs.indexOf(document.activeElement as HTMLElement);
  const next = tabs[(current + step + tabs.length) % tabs.length];
  next?.focus();
  next?.click();
}
