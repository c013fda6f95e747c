/** English words of what an IT officer does for the product itself. */
export const upkeepEn = {
  'upkeep.calls': 'There are {calls} calls. Wait until the sessions are over, then try again.',
  'engine.not-ours': 'This engine runs on another server; start it again there.',
  'engine.not-running': 'This engine is starting; wait a moment.',
  'backup.running': 'A back-up is being made.',
  'backup.no-space': 'There is not enough room: about {wanted} MB are needed, {free} MB are free.',
  'certificate.unreadable': 'This is no certificate in PEM form.',
  'certificate.key-unreadable': 'This is no private key in PEM form, or it is under a passphrase.',
  'certificate.key-of-another': 'The private key is not that of this certificate.',
  'certificate.over': 'The certificate is over.',
  'certificate.not-yet': 'The certificate is not valid yet.',
};
