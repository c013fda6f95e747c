import type { AudioCapability, GenericCapability } from '../h245/index.ts';
import type { AudioFormat } from './format.ts';
import { parametersOf } from './h264-capability.ts';

/*
 * Audio codecs as H.245 names them. Packets are counted in frames there (H.225.0, clause 6.2.4 and annexes): 1 ms of
 * sample codecs, 10 ms of G.729, 30 ms of G.723.1, 20 ms of G.722.1 and GSM. Pure.
 */

const g7221 = '0.0.7.7221.1.0';
const g7221AnnexC = '0.0.7.7221.1.1.0';
/** Octets of a GSM full-rate frame of 20 ms. */
const gsmFrame = 33;

/** Reads one; `undefined` for codecs that have no name in SDP here. */
export function audioOf(capability: AudioCapability): AudioFormat | undefined {
  const format = (codec: AudioFormat['codec'], packetMs: number, more: Partial<AudioFormat> = {}): AudioFormat => ({
    kind: 'audio',
    codec,
    packetMs,
    ...more,
  });
  const { g729Extensions, gsmFullRate, g7231 } = capability;
  // A 56 kbit/s channel of G.711 carries the same octets over IP.
  const alaw = capability.g711Alaw64k ?? capability.g711Alaw56k;
  if (alaw !== undefined) return format('PCMA', alaw);
  const ulaw = capability.g711Ulaw64k ?? capability.g711Ulaw56k;
  if (ulaw !== undefined) return format('PCMU', ulaw);
  if (capability['g722-64k'] !== undefined) return format('G722', capability['g722-64k']);
  const plain = capability.g729 ?? capability.g729AnnexA;
  if (plain !== undefined) return format('G729', plain * 10, { silence: false });
  const annexB = capability.g729wAnnexB ?? capability.g729AnnexAwAnnexB;
  if (annexB !== undefined) return format('G729', annexB * 10, { silence: true });
  if (g729Extensions !== undefined) {
    return format('G729', (g729Extensions.audioUnit ?? 2) * 10, { silence: g729Extensions.annexB });
  }
  if (g7231 !== undefined) {
    return format('G723', g7231['maxAl-sduAudioFrames'] * 30, { silence: g7231.silenceSuppression });
  }
  if (gsmFullRate !== undefined)
    return format('GSM', Math.max(1, Math.floor(gsmFullRate.audioUnitSize / gsmFrame)) * 20);
  return capability.genericAudioCapability === undefined ? undefined : g7221Of(capability.genericAudioCapability);
}

function g7221Of(capability: GenericCapability): AudioFormat | undefined {
  const { standard } = capability.capabilityIdentifier;
  if (standard !== g7221 && standard !== g7221AnnexC) return undefined;
  const told = capability.maxBitRate ?? 0;
  // G.722.1's own annex counts in bit/s, H.245 in units of 100 bit/s: both are met.
  const bitRate = told < 1000 ? told * 100 : told;
  if (bitRate !== 24_000 && bitRate !== 32_000 && !(bitRate === 48_000 && standard === g7221AnnexC)) return undefined;
  const frames = parametersOf(capability).get(1) ?? 1;
  const clockHz = standard === g7221 ? 16_000 : 32_000;
  return { kind: 'audio', codec: 'G7221', packetMs: frames * 20, bitRate, clockHz };
}

/** Writes it as a receive capability or a channel's type: the first in the list is the plainest. */
export function audioCapabilities(format: AudioFormat): [AudioCapability, ...AudioCapability[]] {
  const frames = (ms: number): number => Math.max(1, Math.min(256, Math.floor(format.packetMs / ms)));
  switch (format.codec) {
    case 'PCMA':
      return [{ g711Alaw64k: frames(1) }];
    case 'PCMU':
      return [{ g711Ulaw64k: frames(1) }];
    case 'G722':
      return [{ 'g722-64k': frames(1) }];
    case 'G729': {
      // Annex A is the same bit stream, and some list only one of the two.
      const without: [AudioCapability, AudioCapability] = [{ g729AnnexA: frames(10) }, { g729: frames(10) }];
      return format.silence === true ? [{ g729AnnexAwAnnexB: frames(10) }, ...without] : without;
    }
    case 'G723':
      return [{ g7231: { 'maxAl-sduAudioFrames': frames(30), silenceSuppression: format.silence ?? false } }];
    case 'GSM':
      return [
        { gsmFullRate: { audioUnitSize: Math.min(7, frames(20)) * gsmFrame, comfortNoise: false, scrambled: false } },
      ];
    case 'G7221':
      return [
        {
          genericAudioCapability: {
            capabilityIdentifier: { standard: format.clockHz === 32_000 ? g7221AnnexC : g7221 },
            maxBitRate: format.bitRate ?? 32_000,
            collapsing: [{ parameterIdentifier: { standard: 1 }, parameterValue: { unsignedMin: frames(20) } }],
          },
        },
      ];
  }
}
