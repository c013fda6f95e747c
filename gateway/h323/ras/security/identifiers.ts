/* Object identifiers of H.235.0 and H.235.1, and of the hash of cryptoEPPwdHash. */

/** MD5, as `algorithmOID` of a password hash. */
export const md5 = '1.2.840.113549.2.5';

/** Time of the gatekeeper in a ClearToken of the GCF, for terminals whose clock is wrong; offered as `keyExch`. */
export const timeSync = '0.0.8.235.0.4.79';

/** H.235.1 procedure I: "A" (whole message hashed), "T" (its ClearToken), "U" (HMAC-SHA1-96), in versions 1 and 2. */
export interface ProcedureOids {
  whole: string;
  clearToken: string;
  hmac: string;
}
const procedureOids = (version: 1 | 2): ProcedureOids => ({
  whole: `0.0.8.235.0.${version}.1`,
  clearToken: `0.0.8.235.0.${version}.5`,
  hmac: `0.0.8.235.0.${version}.6`,
});
export const procedureVersions: readonly ProcedureOids[] = [procedureOids(2), procedureOids(1)];
export const hmacSha1 = procedureOids(2).hmac;
