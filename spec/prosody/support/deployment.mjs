// The mixed deployment of the live specs: a Jitsi portal and two Daily tenants on one host.

import { sign, now } from "./token.mjs";

export const host = "meet.example";
export const room = (name) => `${name}@conference.${host}`;

export const secrets = {
	portal: "portal-secret-2-3-5-7-11-13-17-19-23-29-3",
	acme: "acme-secret-2-3-5-7-11-13-17-19-23-29-31",
	zeta: "zeta-secret-2-3-5-7-11-13-17-19-23-29-31",
};
export const domains = {
	acme: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
	zeta: "5e4d3c2b-1a0f-4b9c-8d7e-6f5a4b3c2d1e",
};

// zeta is confined to rooms named [zeta]room; acme opens the host's plain rooms.
export const config = `
VirtualHost "${host}"
	authentication = "meetauth"
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", dialect = "jitsi", issuer = "portal", audience = "jitsi", secret = "${secrets.portal}" };
		{ id = "acme", dialect = "daily", domain_id = "${domains.acme}", secret = "${secrets.acme}" };
		{ id = "zeta", dialect = "daily", domain_id = "${domains.zeta}", secret = "${secrets.zeta}", tenant = "zeta" };
	}
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

// A good Jitsi token, except for what the caller changes; undefined leaves a claim out.
export function jitsi(claims = {}, secret = secrets.portal, header = undefined) {
	return sign(secret, { iss: "portal", aud: "jitsi", sub: host, room: "standup", exp: now() + 600, ...claims }, header);
}

// A good Daily token of a tenant, likewise.
export function daily(claims = {}, tenant = "acme", secret = secrets[tenant]) {
	return sign(secret, { d: domains[tenant], r: "standup", iat: now(), exp: now() + 600, ...claims });
}
