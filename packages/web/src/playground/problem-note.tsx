import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import type { ApiProblem } from './api-call.js';

/** The server's refusal in its own words, with what a developer needs to look it up. */
export function ProblemNote({ problem, onDismiss }: { problem: ApiProblem; onDismiss: () => void }) {
  const facts = [
    problem.code !== '' && `code ${problem.code}`,
    problem.parameter !== null && `parameter ${problem.parameter}`,
    problem.status !== 0 && `HTTP ${problem.status}`,
  ].filter((fact) => fact !== false);
  return (
    <div className="pg-problem" role="alert">
      <Icon name="warning" />
      <p>
        <strong>{problem.message}</strong>
        {facts.length > 0 && <span> {facts.join(' · ')}</span>}
      </p>
      <Button tone="plain" onClick={onDismiss} aria-label="Dismiss">
        <Icon name="close" size={15} />
      </Button>
    </div>
  );
}
