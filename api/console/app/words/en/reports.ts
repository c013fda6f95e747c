import type { reports as vietnamese } from '../vi/reports.ts';

export const reports: Record<keyof typeof vietnamese, string> = {
  'reports.title': 'Reports',
  'reports.period': 'Period',
  'reports.before': 'Before',
  'reports.after': 'After',
  'reports.pdf': 'PDF to send',
  'reports.nothing': 'No figures in this period.',
  'period.month': 'Month',
  'period.quarter': 'Quarter',
  'period.year': 'Year',
  'period.span': 'Any span',
  'trend.title': 'Period by period',
  'trend.sessions': 'Sessions held',
  'trend.cases': 'Cases registered',
  'trend.point': '{of}: {sessions} sessions, {cases} cases',
  'trace.thing': 'Counted',
  'trend.minutes': 'Minutes',
  'trend.connections': 'Connections',
  'trend.score': 'Quality (MOS)',
  'trend.incidents': 'Incidents',
  'trace.first': 'The first {shown} of {total}.',
};
