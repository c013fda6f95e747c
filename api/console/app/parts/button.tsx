import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import { toastError } from './toast.tsx';

interface ButtonProps {
  kind?: 'primary' | 'secondary' | 'danger' | 'quiet';
  icon?: IconName;
  /** May take its time: the button waits, and tells what went wrong. */
  onClick?: () => unknown;
  type?: 'button' | 'submit';
  disabled?: boolean;
  /** For switches: whether it is on. */
  pressed?: boolean;
  /** Only the icon is seen; the text is for those who listen, and for the pointer. */
  iconOnly?: boolean;
  small?: boolean;
  busy?: boolean;
  children: ComponentChildren;
}

export function Button({ kind = 'secondary', icon, onClick, type = 'button', children, ...rest }: ButtonProps) {
  const working = useSignal(false);
  const { disabled = false, pressed, iconOnly = false, small = false, busy = false } = rest;
  const waiting = working.value || busy;
  const press = async (): Promise<void> => {
    if (waiting || onClick === undefined) return;
    working.value = true;
    try {
      await onClick();
    } catch (error) {
      toastError(error);
    } finally {
      working.value = false;
    }
  };
  const text = typeof children === 'string' ? children : undefined;
  return (
    <button
      type={type}
      class={`button button-${kind}${small ? ' button-small' : ''}${iconOnly ? ' button-icon' : ''}`}
      onClick={type === 'submit' && onClick === undefined ? undefined : () => void press()}
      disabled={disabled}
      aria-busy={waiting || undefined}
      aria-pressed={pressed}
      aria-label={iconOnly ? text : undefined}
      title={iconOnly ? text : undefined}
    >
      {icon !== undefined && <Icon name={icon} />}
      {!iconOnly && <span>{children}</span>}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere. */
export function LinkButton({
  href,
  kind = 'secondary',
  icon,
  small = false,
  download,
  children,
}: Pick<ButtonProps, 'kind' | 'icon' | 'small' | 'children'> & { href: string; download?: boolean }) {
  return (
    <a href={href} download={download} class={`button button-${kind}${small ? ' button-small' : ''}`}>
      {icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}
