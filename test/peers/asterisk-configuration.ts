import type { AsteriskProgram } from './asterisk-package.ts';

/** How digits leave Asterisk. `h245signal` is used only towards peers whose capability set lists `dtmf` but not `basicString`. */
export type AsteriskDtmfMode = 'rfc2833' | 'cisco' | 'h245alphanumeric' | 'h245signal' | 'q931keypad' | 'inband';

/** An H.323 entity that Asterisk may call (`OOH323/NUMBER@NAME`) and takes calls from, known by its address. */
export interface AsteriskPeer {
  address: string;
  /** Call signalling port; 1720 by default. */
  port?: number;
  /** How digits leave towards it; as for all when absent. */
  dtmfMode?: AsteriskDtmfMode;
}

/** What makes one Asterisk differ from another. */
export interface AsteriskSettings {
  address: string;
  port: number;
  managerPort: number;
  managerSecret: string;
  peers: Record<string, AsteriskPeer>;
  fastStart: boolean;
  tunnelling: boolean;
  dtmfMode: AsteriskDtmfMode;
  codecs: readonly string[];
  /** A gatekeeper's address (RAS port 1719), `discover` for multicast, or none. */
  gatekeeper: string | undefined;
  e164: string | undefined;
  h323Id: string;
  /** Tone, in Hz, played to callers of its own number and of no number. */
  tone: number;
  /** Detail of `h323.log`, 0–7. */
  trace: number;
}

const modules = [
  'res_timing_timerfd',
  'pbx_config',
  'codec_alaw',
  'codec_ulaw',
  'codec_a_mu',
  'codec_gsm',
  'codec_resample',
  'format_wav',
  'format_sln',
  'res_sorcery_config',
  'res_sorcery_memory',
  'res_pjproject',
  'res_rtp_asterisk',
  'chan_ooh323',
  'app_echo',
  'app_playtones',
  'app_mixmonitor',
  'app_read',
  'app_record',
  'app_senddtmf',
  'func_channel',
  'func_callerid',
  'func_logic',
  'func_strings',
];

const yesNo = (value: boolean) => (value ? 'yes' : 'no');

/** The configuration files, by name; `folder` is where they and everything Asterisk writes lie. */
export function configurationOf(settings: AsteriskSettings, program: AsteriskProgram, folder: string) {
  return {
    'asterisk.conf': asterisk(program, folder),
    'modules.conf': ['[modules]', 'autoload=no', ...modules.map((name) => `load=${name}.so`), ''].join('\n'),
    'logger.conf': '[general]\ndateformat=%F %T.%3q\n[logfiles]\nfull => notice,warning,error,verbose,dtmf\n',
    'rtp.conf': '[general]\nrtpstart=20000\nrtpend=29999\nstrictrtp=no\nicesupport=no\n',
    'manager.conf': manager(settings),
    'indications.conf':
      '[general]\ncountry=vn\n[vn]\ndescription=Vietnam\nringcadence=1000,4000\nring=425/1000,0/4000\n',
    'ooh323.conf': ooh323(settings, folder),
    'extensions.conf': extensions(settings, folder),
    'ccss.conf': '[general]\n',
    ...Object.fromEntries(
      ['udptl', 'features', 'cdr', 'cel', 'acl', 'stasis', 'pjproject'].map((name) => [`${name}.conf`, '']),
    ),
  };
}

function asterisk({ root, modules: moduleFolder }: AsteriskProgram, folder: string): string {
  return `[directories]
astcachedir => ${folder}
astetcdir => ${folder}/etc
astmoddir => ${moduleFolder}
astvarlibdir => ${folder}
astdbdir => ${folder}
astkeydir => ${folder}
astdatadir => ${root}/usr/share/asterisk
astagidir => ${folder}
astspooldir => ${folder}
astrundir => ${folder}
astlogdir => ${folder}
astsbindir => ${root}/usr/sbin
[options]
verbose = 4
nocolor = yes
dontwarn = yes
hideconnect = yes
lockconfdir = no
`;
}

function manager({ address, managerPort, managerSecret }: AsteriskSettings): string {
  return `[general]
enabled = yes
bindaddr = ${address}
port = ${managerPort}
[test]
secret = ${managerSecret}
read = system,call,dtmf
write = system,call,command,originate
writetimeout = 5000
`;
}

function ooh323(settings: AsteriskSettings, folder: string): string {
  const { address, port, fastStart, tunnelling, dtmfMode, codecs, h323Id, e164, gatekeeper } = settings;
  // The same stands in [general], for calls through a gatekeeper, and for each peer: the latter do not inherit.
  const manners = (digits: AsteriskDtmfMode) => `faststart=${yesNo(fastStart)}
h245tunneling=${yesNo(tunnelling)}
dtmfmode=${digits}
disallow=all
allow=${codecs.join(',')}
`;
  const peers = Object.entries(settings.peers).map(
    ([name, peer]) => `[${name}]
type=friend
context=default
ip=${peer.address}
port=${peer.port ?? 1720}
${manners(peer.dtmfMode ?? dtmfMode)}`,
  );
  return `[general]
bindaddr=${address}
port=${port}
localras=${address}
h225portrange=12030,19999
h323id=${h323Id}
callerid=${h323Id}
${e164 === undefined ? '' : `e164=${e164}\n`}gateway=no
gatekeeper=${gatekeeper === undefined ? 'DISABLE' : gatekeeper === 'discover' ? 'DISCOVER' : gatekeeper}
mediawaitforconnect=no
logfile=${folder}/h323.log
tracelevel=${settings.trace}
context=default
rtptimeout=60
dtmfcodec=101
faxdetect=no
t38support=no
directmedia=no
directrtpsetup=no
aniasdni=no
${manners(dtmfMode)}${peers.join('')}`;
}

/* What stands as \${…} is a variable of Asterisk, not of ours. */
function extensions({ e164, h323Id, tone }: AsteriskSettings, folder: string): string {
  const heard = `MixMonitor(,r(${folder}/\${UNIQUEID}-heard.wav))`;
  const own = [...new Set(['s', h323Id, ...(e164 === undefined ? [] : [e164])])];
  const play = (name: string, hz: string | number) => `exten => ${name},1,Answer()
 same => n,${heard}
 same => n,Playtones(${hz})
 same => n,Wait(3600)
`;
  return `[general]
static=yes
[default]
exten => 600,1,Answer()
 same => n,Echo()
exten => 601,1,Ringing()
 same => n,Wait(2)
 same => n,Answer()
 same => n,Echo()
exten => 603,1,Busy(5)
exten => 604,1,Ringing()
 same => n,Wait(3600)
exten => 605,1,Congestion(5)
; At once, the cause may be lost on its way to the channel driver.
exten => 606,1,Wait(0.3)
 same => n,Hangup(21)
exten => 607,1,Progress()
 same => n,Playtones(425)
 same => n,Wait(3)
 same => n,Answer()
 same => n,Echo()
exten => 620,1,Answer()
 same => n,${heard}
 same => n(more),Read(DIGIT,,1,,1,3600)
 same => n,Goto(more)
exten => 810,1,Answer()
 same => n,Record(${folder}/\${UNIQUEID}-heard.wav,0,3600)
${play('801', 440)}${play('802', 697)}; 8 and four digits: a tone of that many Hz
${play('_8XXXX', `\${EXTEN:1}`)}${own.map((name) => play(name, tone)).join('')}
; What Asterisk does in the calls that it makes.
[calls]
${play('tone', `\${TONE}`)}exten => listen,1,Answer()
 same => n,${heard}
 same => n,Wait(3600)
exten => echo,1,Answer()
 same => n,Echo()
exten => wait,1,Answer()
 same => n,Wait(3600)
`;
}
