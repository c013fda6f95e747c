import type { advice as vietnamese } from '../vi/advice.ts';

export const advice: Record<keyof typeof vietnamese, string> = {
  'advice.lobby.waiting': 'Find out who it is, then press “Let in” or “Refuse” under Lobby.',
  'advice.uplink.lost':
    "It is called again by itself. Not back after 2 minutes: telephone the province's engineer, check the commune's Internet line.",
  'advice.participant.cannot-be-called':
    'Check that the device is on and has network (see Devices). Then press “Call again”.',
  'advice.rehearsal.failed': 'Open the plan of the session, see what was found of each, mend it, then check again.',
  'advice.media.lost': 'Wait some 10 seconds: everybody comes back by themselves. If not, press “Call again” for each.',
  'advice.recording.failed': 'Look at the disk under System, make room, then press “Record”.',
  'advice.space.low': 'Move data to another disk now: without room nothing is recorded.',
  'advice.space.full': 'Make room; recording goes on by itself, in the same file.',
  'advice.recording.altered':
    'Do not delete or change the file. Open the recording and press “Verify the file”: where the copy in the second archive is intact, use that. Tell who answers for information security.',
  'advice.recording.missing':
    'See whether the disk for recordings was unplugged or is broken. Bring the file back from the second archive or a back-up, then open the recording and press “Verify the file”.',
  'advice.archive.altered':
    'Do not delete the copy. Open the recording and press “Verify the file” to see whether the original is intact; it is copied again by itself. See who has access to the second archive, and tell who answers for information security.',
  'advice.archive.missing':
    'Look at the disk or share of the second archive. The original is copied again by itself once that is back.',
  'advice.archive.unreachable': 'Look at the disk or share of the second archive; copying is tried again by itself.',
  'advice.leg.silent': 'Ask them to check that the microphone is on and not muted; then remove and call again.',
  'advice.leg.dark': 'Ask them to check that the camera is on and not covered. Sound goes on.',
  'advice.leg.unauthentic': "Remove and call again. Still wrong: set the device's “Encryption” to “Off” under Devices.",
  'advice.leg.poor-line': 'Stop other downloads on the same line; use a cable in place of Wi-Fi.',
  'advice.room.layout-fallback': 'The session goes on. With fewer people, choose it again under “Picture layout”.',
  'advice.room.layout-refused':
    'The session goes on with the speaker. Ask your support whether the media engine has its picture modules.',
  'advice.engine.lost': 'It starts again within seconds. If it happens often: look under System and tell your support.',
  'advice.trunk.refused': "Check user name and password under Lines; call the operator's support.",
  'advice.trunk.unreachable': 'Check the Internet line. Citizens can come to the reception room meanwhile.',
  'advice.gatekeeper.refused': "Ask the province's engineer for name and password at the gatekeeper.",
  'advice.device.key-elsewhere':
    'Was the device moved to another network? Open it under Devices and press “That is its network”. If nobody moved it: press “Change its key”.',
  'advice.device.key-misused':
    'Open the device under Devices and press “Change its key”. Find the machine in that network which asked; if it is one of ours, set it back to factory settings and let it in again.',
  'advice.provisioning.blocked':
    'If it is a device of ours: check its MAC address, then press “Unblock” on the page “Auto set-up”. If nobody knows it: leave it blocked, find the machine with this address and take it off the network.',
  'advice.provisioning.firmware-altered':
    'Do not use the file. Remove it on the page “Auto set-up”, download it from the vendor again, and upload it with its SHA-256. If nobody changed it: tell who answers for information security.',
  'advice.gatekeeper.unreachable': 'Check the line to the province; call its engineer.',
};
