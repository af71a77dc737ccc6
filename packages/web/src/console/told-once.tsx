import { CopyButton } from '../front/copy-button.js';
import { Button } from '../kit/button.js';

/** Secrets that the server tells now and never again. */
export interface Told {
  heading: string;
  explanation: string;
  secrets: readonly { name: string; text: string }[];
}

export function ToldOnce({ told, onClose }: { told: Told; onClose: () => void }) {
  return (
    <div className="oc-told" role="status">
      <p>
        <strong>{told.heading}</strong> {told.explanation}
      </p>
      <dl>
        {told.secrets.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{text}</code>
              <CopyButton text={text} label={`Copy the ${name.toLowerCase()}`} />
            </dd>
          </div>
        ))}
      </dl>
      <Button onClick={onClose}>I have {told.secrets.length > 1 ? 'them' : 'it'}</Button>
    </div>
  );
}
