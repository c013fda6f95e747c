import type { Signal } from '@preact/signals';
import type { Level } from '../../client/levels.ts';
import type { Leg } from '../../client/live.ts';
import { LiveMeter } from '../../parts/meter.tsx';
import { say } from '../../words/words.ts';

/** Whether somebody speaks, how loud, and how loud what they hear is. */
export function Voice({
  leg,
  talking,
  level,
  measured,
}: {
  leg: Leg;
  talking: boolean;
  level: Signal<Level | undefined>;
  measured: boolean;
}) {
  const name = leg.name === '' ? leg.number : leg.name;
  const words = leg.muted ? say('leg.muted') : talking ? say('leg.talking') : say('leg.quiet');
  return (
    <div class="leg-line">
      <b class={talking && !leg.muted ? 'voice voice-on' : 'voice'}>{words}</b>
      {measured && (
        <div class="meters">
          <span aria-hidden="true">{say('meter.sends')}</span>
          <LiveMeter
            label={say('meter.sends-of', { name })}
            level={level}
            side="inDb"
            off={leg.muted}
            judged={talking}
          />
          <span aria-hidden="true">{say('meter.hears')}</span>
          <LiveMeter label={say('meter.hears-of', { name })} level={level} side="outDb" judged={false} />
        </div>
      )}
    </div>
  );
}
