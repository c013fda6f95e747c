import type { DialRule } from '../../store/schema/dialplan.ts';

type NewRule = Omit<DialRule, 'createdAt' | 'updatedAt' | 'id'>;

/**
 * The plan of a fresh installation: devices and rooms are reached by their numbers, `*43` tests, phones that come in by
 * a trunk are asked for their room. Nothing leads out by a trunk until an admin says so.
 */
export const defaultPlan: readonly NewRule[] = [
  {
    name: 'Gọi *43: kiểm tra máy',
    priority: 10,
    enabled: true,
    source: {},
    pattern: { type: 'exact', value: '*43' },
    destination: { kind: 'test' },
  },
];
