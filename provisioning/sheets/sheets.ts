import { h323, others, sip } from './sections.ts';
import type { Sheet } from './sheet.ts';

/** Every setting sheet. A name of the device stands there only where the named document has it. */
export const sheets: readonly Sheet[] = [
  {
    id: 'polycom-hdx',
    vendor: 'Polycom',
    models: ['HDX 4000', 'HDX 6000', 'HDX 7000', 'HDX 8000', 'HDX 9000'],
    protocols: ['h323'],
    source:
      'Administrator’s Guide for Polycom HDX Systems, “Setting the Call Answering Mode”, “Preferred Speeds”; H.323 Settings, integration guide 3725-series, 2012',
    sections: [
      h323({
        menu: ['Network', 'IP Network', 'H.323 Settings'],
        on: { name: 'H.323', value: 'Enabled' },
        h323Name: 'H.323 Name',
        e164: 'H.323 Extension (E.164)',
        mode: { name: 'Use Gatekeeper', value: 'Specify' },
        gatekeeper: 'Primary Gatekeeper IP Address',
        port: 'with-address',
        authentication: { name: 'Authentication', value: '✓' },
        user: 'User Name',
        password: 'Password',
      }),
      ...others({
        menu: ['System', 'Admin Settings', 'General Settings', 'System Settings', 'Call Settings'],
        autoAnswer: { name: 'Auto Answer Point-to-Point Video', on: 'Yes', off: 'No' },
        rate: 'Preferred Speeds › Preferred Speed for Placing Calls',
      }),
    ],
  },
  {
    id: 'polycom-group',
    vendor: 'Polycom',
    models: ['RealPresence Group 300', 'RealPresence Group 310', 'RealPresence Group 500', 'RealPresence Group 700'],
    protocols: ['h323', 'sip'],
    source: 'Polycom RealPresence Group Series, Administrator Guide, “Configuring Network Settings”',
    sections: [
      h323({
        h323Name: 'H.323 Name',
        e164: 'H.323 Extension (E.164)',
        mode: { name: 'Use Gatekeeper', value: 'Specify' },
        gatekeeper: 'Primary Gatekeeper IP Address',
        authentication: { name: 'Require Authentication', value: '✓' },
        user: 'User Name',
        password: 'Enter Password',
      }),
      sip({
        register: { name: 'Enable SIP', value: '✓' },
        server: 'Registrar Server',
        proxy: 'Proxy Server',
        transport: 'Transport Protocol',
        user: 'Sign-in Address',
        login: 'User Name',
        password: 'Password',
      }),
      ...others(),
    ],
  },
  {
    id: 'tandberg-mxp',
    vendor: 'Tandberg',
    models: ['150 MXP', '550 MXP', '880 MXP', '1000 MXP', '1700 MXP', '3000 MXP', '6000 MXP', '7000 MXP'],
    protocols: ['h323'],
    source: 'TANDBERG 7000 MXP User Manual D1335403 and 550 MXP User Manual D1372102, “H.323 Settings”',
    sections: [
      h323({
        menu: ['Administrator Settings', 'H.323 Settings'],
        on: { name: 'H.323 Call Setup', value: 'Gatekeeper' },
        h323Name: 'H.323 ID',
        e164: 'E.164 alias',
        mode: { name: 'Gatekeeper Discovery', value: 'Manual' },
        gatekeeper: 'Gatekeeper IP Address',
        authentication: { name: 'Authentication Mode', value: 'Auto' },
        user: 'Authentication ID',
        password: 'Authentication Password',
      }),
      ...others(),
    ],
  },
  {
    id: 'cisco-tc',
    vendor: 'Cisco / Tandberg',
    models: ['C20', 'C40', 'C60', 'C90', 'EX60', 'EX90', 'Profile 42', 'Profile 52', 'Quick Set C20'].map(
      (name) => `${name} (TC)`,
    ),
    protocols: ['h323'],
    source:
      'Cisco TelePresence Codec C90 API Reference TC6.2 (D14641.11), MX Series Administrator Guide TC5.0 (D14850.02)',
    sections: [
      h323({
        menu: ['Configuration', 'Advanced Configuration', 'H323', 'Profile 1'],
        on: { name: 'CallSetup Mode', value: 'Gatekeeper' },
        h323Name: 'H323Alias ID',
        e164: 'H323Alias E164',
        mode: { name: 'Gatekeeper Discovery', value: 'Manual' },
        gatekeeper: 'Gatekeeper Address',
        authentication: { name: 'Authentication Mode', value: 'On' },
        user: 'Authentication LoginName',
        password: 'Authentication Password',
      }),
      {
        title: 'sheet.section-call',
        menu: ['Configuration', 'Advanced Configuration', 'Conference 1'],
        items: [
          { name: 'DefaultCall Protocol', meaning: 'sheet.protocol', fixed: 'H323' },
          { name: 'DefaultCall Rate', meaning: 'sheet.rate', from: 'callRateKbps' },
          { name: 'Encryption Mode', meaning: 'sheet.encryption', fixed: 'BestEffort' },
        ],
      },
      ...others(),
    ],
  },
  {
    id: 'yealink-vc',
    vendor: 'Yealink',
    models: [
      'VC110',
      'VC120',
      'VC200',
      'VC400',
      'VC500',
      'VC800',
      'VC880',
      'MeetingEye 400',
      'MeetingEye 600',
      'MeetingEye 800',
      'MeetingBar A20',
      'MeetingBar A30',
    ],
    protocols: ['h323', 'sip'],
    source:
      'Administrator’s Guides for Yealink VC800, VC880 and VC110, “Configuring Call Preferences”, “Auto Answer”; MeetingEye, “Configuring Account Settings”',
    sections: [
      h323({
        menu: ['More', 'Settings', 'Advanced', 'Account', 'H.323'],
        mode: { name: 'Gatekeeper Type / Gatekeeper Mode', value: 'Manual' },
        gatekeeper: 'Gatekeeper Server1 / Gatekeeper IP Address 1',
        authentication: { name: 'Gatekeeper Verify / Gatekeeper Authentication', value: 'Enabled' },
      }),
      sip(),
      ...others({
        menu: ['More', 'Setting', 'Call Feature'],
        autoAnswer: { name: 'Auto Answer', on: 'Enabled', off: 'Disabled' },
      }),
    ],
  },
  {
    id: 'grandstream-gvc',
    vendor: 'Grandstream',
    models: ['GVC3212'],
    protocols: ['h323', 'sip'],
    source: 'Grandstream GVC3200 Administration Guide, firmware 1.0.1.5, “Settings/SIP/SIP”',
    sections: [
      sip({ menu: ['Settings', 'SIP', 'SIP'], register: { name: 'SIP Registration', value: 'Yes' } }),
      h323(),
      ...others(),
    ],
  },
  {
    id: 'sony-pcs',
    vendor: 'Sony',
    models: ['PCS-XG55', 'PCS-XG77', 'PCS-XG80', 'PCS-XG100', 'PCS-XC1', 'PCS-G50', 'PCS-G70'],
    protocols: ['h323', 'sip'],
    sections: [h323(), sip(), ...others()],
  },
  {
    id: 'huawei-te',
    vendor: 'Huawei',
    models: ['TE10', 'TE20', 'TE30', 'TE40', 'TE50', 'TE60', 'Box 310', 'Box 610', 'Box 700'],
    protocols: ['h323', 'sip'],
    source: 'HUAWEI TE30 Videoconferencing Endpoint User Guide, Issue 01 (2013-03-27), “Conference”',
    sections: [
      h323(),
      sip(),
      ...others({
        more: [
          { name: 'Preferred IP protocol', meaning: 'sheet.protocol', fixed: 'H.323', when: 'gatekeeper' },
          {
            name: 'Preferred IP protocol',
            meaning: 'sheet.protocol',
            fixed: 'SIP',
            when: 'server',
            unless: 'gatekeeper',
          },
        ],
      }),
    ],
  },
  {
    id: 'lifesize-icon',
    vendor: 'LifeSize',
    models: ['Icon 600', 'Icon 800'],
    protocols: ['h323', 'sip'],
    source: 'LifeSize Icon Video Systems Guide, May 2014, “Preferences”',
    sections: [
      h323({
        menu: ['Preferences', 'H.323'],
        h323Name: 'Name',
        e164: 'Extension',
        mode: { name: 'Gatekeeper Mode', value: 'Manual' },
        gatekeeper: 'Gatekeeper Address',
        user: 'Gatekeeper Username',
        password: 'Gatekeeper Password',
      }),
      sip({
        menu: ['Preferences', 'SIP Registrar'],
        server: 'Registrar Hostname',
        proxy: 'Proxy Hostname',
        user: 'SIP Username',
        login: 'Authorization Username',
        password: 'Authorization Password',
      }),
      ...others(),
    ],
  },
  {
    id: 'lifesize-220',
    vendor: 'LifeSize',
    models: ['Express 220', 'Team 220', 'Room 220', 'Passport'],
    protocols: ['h323', 'sip'],
    source: 'LifeSize Passport User and Administrator Guide, February 2011, “Preferences”',
    sections: [h323(), sip({ menu: ['Administrator Preferences', 'Communications', 'SIP'] }), ...others()],
  },
];

const byModel = new Map(
  sheets.flatMap((sheet) =>
    sheet.models.flatMap((model) =>
      [model, `${sheet.vendor} ${model}`].map((name) => [name.toLowerCase(), { sheet, model }] as const),
    ),
  ),
);

/** The sheet of a model, by its name with or without its vendor's; capitals do not matter. */
export const sheetFor = (model: string): { sheet: Sheet; model: string } | undefined =>
  byModel.get(model.trim().toLowerCase());
