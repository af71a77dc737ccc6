import type { ButtonHTMLAttributes, Ref } from 'react';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: 'accent' | 'plain' | 'normal';
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ tone = 'normal', type = 'button', className, ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      data-tone={tone}
      className={`of-button${className ? ` ${className}` : ''}`}
      {...rest}
    />
  );
}
