import { connect } from "../support/client.mjs";
import { inside } from "../support/inside.mjs";
import { withSpecModules } from "../support/jitsi.mjs";
import { startProsody } from "../support/server.mjs";
import { startPostgres } from "../support/postgres.mjs";
import { now, sign } from "../support/token.mjs";
const database = await startPostgres();
const host="meet.example", secret="portal-secret-2-3-5-7-11-13-17-19-23-29-3";
const config = (sql, gc) => `
${gc}
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	storage = { meetauth_revoked = "sql"; meetauth_used = "sql" }
	sql = ${sql}
	meetauth_issuers = { { id = "portal", issuer = "portal", secret = "${secret}", room = "tenant" } }
`;
for (const sql of [database.sql, '{ driver = "SQLite3", database = "prosody.sqlite" }']) {
const server = await startProsody({ config: config(sql, ""), prefix: withSpecModules(), version: process.env.V ?? "13.0", env: { PROSODY_LOG: "warn" } });
const s = await connect({ url: server.ws, host, token: sign(secret, { iss: "portal", sub: host, exp: now() + 86400 * 30 }) });
console.log(await inside(s, `
	local revocations = require "meetauth.server.revocations";
	local map, all, buckets, now = module:open_store("meetauth_revoked", "map"), module:open_store("meetauth_revoked", "keyval"), {}, os.time();
	local entries = { { id = "portal", asked = { leeway = 10 } } };
	for i = 1, 100000 do
		local jti = ("%08x-0000-4000-8000-%012x"):format(i, 5);
		local id = revocations.id_of("jti", jti, "portal");
		local bucket = revocations.bucket(id);
		local one = revocations.of("jti", jti, { entry = "portal", expires = now + 86400 }, entries, 0, now);
		buckets[bucket] = buckets[bucket] or {};
		buckets[bucket][id] = revocations.row(one);
	end
	local out = {};
	local c = os.clock();
	for bucket, rows in pairs(buckets) do assert(map:set_keys(bucket, rows)); end
	out[#out+1] = { "write", os.clock() - c };
	buckets = nil; collectgarbage(); collectgarbage();
	for _, mode in ipairs({ "normal", "stop", "normal", "stop" }) do
		collectgarbage(); collectgarbage();
		local m = collectgarbage("count");
		if mode == "stop" then collectgarbage("stop"); end
		local set = revocations.new();
		local a, b = 0, 0;
		for i = 0, 255 do
			local bucket = ("%02x"):format(i);
			local c = os.clock();
			local rows = all:get(bucket);
			local d = os.clock();
			set:replace(bucket, rows);
			a, b = a + (d - c), b + (os.clock() - d);
		end
		local peak = collectgarbage("count") - m;
		collectgarbage("restart");
		local c = os.clock();
		collectgarbage();
		out[#out+1] = { mode, get = a, put = b, peak = peak, full = os.clock() - c, live = collectgarbage("count") - m };
	end
	local c = os.clock();
	local n = 0
	for name in all:users() do n = n + 1; end
	out[#out+1] = { "users", os.clock() - c, n };
	return out;`, 120000));
await s.close();
await server.stop();
}
await database.remove();
