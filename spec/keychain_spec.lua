-- All sources of a host together: logins that wait, files, windows, counters.

local core = require "meetauth.core";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local openssl = require "spec.support.openssl";
local verifier = require "meetauth.verifier";

local ok, set = keyworld.ok, keyworld.set;
local null = meetauth.null;
local s1, s2 = ("1"):rep(32), ("2"):rep(32);

describe("A login with an unknown kid", function ()
	it("brings about one look for all that wait, and all are told", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		world.answer(ok(set("a")));
		world.pass(60);
		local told = {};
		for i = 1, 1000 do told[i] = world.want("new"); end
		assert.equal(2, #world.requests);
		world.answer(ok(set("a", "new")));
		for i = 1, 1000 do assert.same({ "again" }, told[i]); end
	end);

	it("is unknown-key where the source has no such key, and asks no more for a while", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		world.answer(ok(set("a")));
		assert.same({ "unknown-key" }, world.want("new"));
		assert.equal(1, #world.requests);
		world.pass(60);
		local told = world.want("new");
		assert.same({}, told);
		world.answer(ok(set("a")));
		assert.same({ "unknown-key" }, told);
		for i = 1, 1000 do assert.same({ "unknown-key" }, world.want("new" .. i)); end
		assert.equal(2, #world.requests);
	end);

	it("is keys-unavailable where the source does not answer, and asks no more for a while", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		local told = world.want("new");
		world.answer({ failure = "timeout" });
		assert.same({ "keys-unavailable" }, told);
		for i = 1, 1000 do assert.same({ "keys-unavailable" }, world.want("new" .. i)); end
		assert.equal(1, #world.requests);
	end);

	it("joins the look that is under way", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		local told = world.want("a");
		world.answer(ok(set("a")));
		assert.same({ "again" }, told);
		assert.equal(1, #world.requests);
	end);

	it("waits for nothing where the entry has no address", function ()
		local world = keyworld.new({ { jwks_url = null, secret = s1, algorithms = "HS256" } });
		assert.is_nil(world.want("new", "HS256"));
	end);

	it("waits for the first of two sources that has the key, or for both", function ()
		local world = keyworld.new({ { jwks_url = { keyworld.url, "https://two.example/jwks" } } });
		world.chain:tick();
		local told, other = world.want("b"), world.want("c");
		world.requests[2].done(ok(set("b")));
		assert.same({ "again" }, told);
		assert.same({}, other);
		world.requests[1].done({ failure = "timeout" });
		assert.same({ "again" }, told);
		assert.same({ "keys-unavailable" }, other);
	end);

	it("is told keys-unavailable when the keys are given up, and later ones have nothing to wait for", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		local told = world.want("a");
		world.chain:close();
		assert.same({ "keys-unavailable" }, told);
		world.answer(ok(set("a")));
		assert.equal("", world.kids());
		assert.is_nil(world.want("a"));
	end);
end);

describe("An ASAP key server", function ()
	local pem = openssl.public("P-256");
	local function asap(fields)
		local entry = { jwks_url = null, asap_url = "https://keys.example/asap" };
		for name, value in pairs(fields or {}) do entry[name] = value; end
		return entry;
	end

	it("is asked for each kid at the address of its hash, once", function ()
		local world = keyworld.new({ asap() });
		world.pass(10);
		assert.equal(0, #world.requests);
		local told, again = world.want("abc"), world.want("abc");
		assert.equal(1, #world.requests);
		assert.equal("https://keys.example/asap/"
			.. "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.pem", world.requests[1].url);
		world.answer(ok(pem));
		assert.same({ "again" }, told);
		assert.same({ "again" }, again);
		assert.equal("abc", world.kids());
		assert.equal("abc", world.entries[1].keys[1]:kid());
	end);

	it("is not asked for a token without a kid", function ()
		assert.is_nil(keyworld.new({ asap() }).want(nil));
	end);

	it("that has no such key is not asked again within refresh_min", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return { code = 404, headers = {} }; end;
		for _ = 1, 1000 do assert.same({ "unknown-key" }, world.want("abc")); end
		assert.equal(1, #world.requests);
		world.pass(60);
		assert.equal(1, #world.requests);
		world.always = function () return ok(pem); end;
		assert.same({ "again" }, world.want("abc"));
	end);

	it("is asked for ten unknown names in each refresh_min, however many come", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return { code = 404, headers = {} }; end;
		for i = 1, 1000 do world.want("kid" .. i); end
		assert.equal(10, #world.requests);
		assert.same({ "keys-unavailable" }, world.want("kid1001"));
		world.pass(60);
		for i = 1, 1000 do world.want("other" .. i); end
		assert.equal(20, #world.requests);
	end);

	local function names(world)
		local count = 0;
		for _ in pairs(world.chain.parts[1].servers[1].remotes) do count = count + 1; end
		return count;
	end

	it("that has 200 keys has 128 of them remembered: those that were asked for last", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return ok(pem); end;
		for minute = 1, 20 do
			for i = 1, 10 do world.want(("kid %d %d"):format(minute, i)); end
			world.pass(60);
		end
		assert.equal(128, names(world));
		assert.equal(128, #world.entries[1].keys);
		for _, key in ipairs(world.entries[1].keys) do assert.is_true(tonumber(key:kid():match("^kid (%d+)")) >= 8); end
	end);

	it("keeps its keys however many names without one come, and those are forgotten", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return ok(pem); end;
		world.want("good");
		world.always = function () return { code = 404, headers = {} }; end;
		for minute = 1, 20 do
			for i = 1, 1000 do world.want(("kid %d %d"):format(minute, i)); end
			assert.is_true(names(world) <= 21);
			world.pass(60);
		end
		assert.equal("good", world.kids());
		world.pass(61);
		assert.equal(1, names(world));
	end);

	it("whose failure nobody asks about any more is no longer one that fails", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return { failure = "timeout" }; end;
		world.want("x");
		assert.equal(1, #select(2, world.chain:status()));
		world.pass(61);
		assert.equal(0, #select(2, world.chain:status()));
	end);

	it("that withdraws a key ends it after key_grace; one that fails does not", function ()
		local world = keyworld.new({ asap({ refresh_max = 60, key_grace = 30 }) });
		world.always = function () return ok(pem); end;
		world.want("abc");
		world.always = function () return { code = 500, headers = {} }; end;
		world.pass(600);
		assert.equal("abc", world.kids());
		world.always = function () return { code = 404, headers = {} }; end;
		world.pass(961);
		assert.equal("", world.kids());
	end);

	it("that withdraws a key says so once, and leaves nothing of it in the store", function ()
		local world = keyworld.new({ asap({ refresh_max = 60, key_grace = 600 }) });
		world.always = function () return ok(pem); end;
		world.want("abc");
		assert.is_table(select(2, next(world.store)));
		world.always = function () return { code = 404, headers = {} }; end;
		world.pass(60);
		assert.equal("e1 changed", world.last_note());
		assert.is_nil(next(world.store));
		local other = keyworld.new({ asap() });
		other.always = world.always;
		other.want("abc");
		assert.equal("e1 unchanged", other.last_note());
	end);

	for _, case in ipairs({
		{ name = "HTML with 200", answer = ok("<html>"), why = "bad-key" };
		{ name = "nothing with 200", answer = ok(""), why = "bad-key" };
		{ name = "204", answer = { code = 204, headers = {} }, why = "status 204" };
		{ name = "a private key", answer = ok(openssl.private("P-256")), why = "not-public" };
		{ name = "a key of another type", answer = ok(openssl.public("rsa")), why = "key-type-mismatch" };
	}) do
		it("that gives " .. case.name .. " gives no key", function ()
			local world = keyworld.new({ asap() });
			world.always = function () return case.answer; end;
			assert.same({ "keys-unavailable" }, world.want("abc"));
			assert.equal("e1 failed " .. case.why, world.last_note());
			assert.equal("", world.kids());
		end);
	end

	it("need not answer after a restart: the key that it gave is looked up in the store", function ()
		local store = {};
		local world = keyworld.new({ asap() }, { store = store });
		world.always = function () return ok(pem); end;
		world.want("abc");
		local later = keyworld.new({ asap() }, { store = store });
		assert.same({ "again" }, later.want("abc"));
		assert.equal("abc", later.kids());
		assert.equal(0, #later.requests);
	end);
end);

describe("A flat map of certificates", function ()
	local pem = openssl.public("P-256");
	local function map(members)
		local world = keyworld.new({ { jwks_url = null, cache_keys_url = keyworld.url } });
		world.always = function () return ok(require("meetauth.json").encode(members)); end;
		world.chain:tick();
		return world;
	end

	it("gives a key for each kid", function ()
		assert.equal("one two", map({ one = pem, two = pem }).kids());
	end);

	it("may hold unusable ones", function ()
		assert.equal("good", map({
			good = pem, bad = "-----BEGIN CERTIFICATE-----", rsa = openssl.public("rsa"), [("k"):rep(257)] = pem,
		}).kids());
	end);

	it("of other things is none", function ()
		assert.equal("e1 failed bad-set", map({ good = pem, n = 1 }).last_note());
	end);

	it("may have a kid that is called keys", function ()
		assert.equal("keys", map({ keys = pem }).kids());
	end);

	it("has at most a hundred", function ()
		local many = {};
		for i = 1, 101 do many["k" .. i] = "x"; end
		assert.equal("e1 failed oversized-set", map(many).last_note());
	end);
end);

describe("A key file", function ()
	local function from(fields, files)
		fields.jwks_url = null;
		return keyworld.new({ fields }, { files = files });
	end

	it("is read at load, one or several, beside keys in the configuration", function ()
		local world = from({ secret = s1, secret_file = { "/a", "/b" }, algorithms = null }, { ["/a"] = s2, ["/b"] = ("3"):rep(40) });
		assert.same({}, world.warnings);
		assert.equal(3, #world.entries[1].keys);
	end);

	it("with a secret loses one newline at the end, which is told", function ()
		for _, ending in ipairs({ "\n", "\r\n" }) do
			local world = from({ secret_file = "/a", algorithms = null }, { ["/a"] = s1 .. ending });
			local token = meetauth.sign(meetauth.key { alg = "HS256", secret = s1 }, { iss = "portal" });
			assert.is_table(verifier.of_entries(world.entries, 4096)(token, 0));
			assert.matches('^meetauth_issuers%[1%]%.secret_file%[1%]: "/a" ends in a newline, which was cut off', world.warnings[1]);
		end
		local world = from({ secret_file = "/a", algorithms = null }, { ["/a"] = s1 .. "\n\n" });
		local token = meetauth.sign(meetauth.key { alg = "HS256", secret = s1 .. "\n" }, { iss = "portal" });
		assert.is_table(verifier.of_entries(world.entries, 4096)(token, 0));
	end);

	it("with a JWK set keeps each key's kid and alg", function ()
		local world = from({ jwks_file = "/set", algorithms = { "ES256", "RS256" } }, { ["/set"] = set("a", "b") });
		assert.equal("a b", world.kids());
	end);

	for _, case in ipairs({
		{ name = "that is not there", fields = { secret_file = "/a" },
			says = 'secret_file[1]: found "/a" (not there), expected a file' };
		{ name = "that is empty", fields = { secret_file = "/a" }, text = "", says = "(weak-secret)" };
		{ name = "with nothing but a newline", fields = { secret_file = "/a" }, text = "\n", says = "(weak-secret)" };
		{ name = "with a short secret", fields = { secret_file = "/a" }, text = "short\n",
			says = 'found "/a" with 6 bytes (weak-secret)' };
		{ name = "with a PEM key as a secret", fields = { secret_file = "/a" }, text = openssl.public("rsa"), says = "(not-secret)" };
		{ name = "with a key of another type",
			fields = { public_key_file = "/a", algorithms = "RS256" }, text = openssl.public("P-256"),
			says = "public_key_file[1]: found " };
		{ name = "with no set",
			fields = { jwks_file = "/a", algorithms = "RS256" }, text = "{}", says = "(bad-set), expected a JWK set for RS256" };
		{ name = "with a set of other keys",
			fields = { jwks_file = "/a", algorithms = "RS256" }, text = set("a"), says = "(algorithm-mismatch)" };
		{ name = "with an empty set", fields = { jwks_file = "/a", algorithms = "RS256" }, text = '{"keys":[]}', says = "(no key)" };
		{ name = "with secrets in a set", fields = { jwks_file = "/a", algorithms = "HS256" }, says = "(not-public)",
			text = '{"keys":[{"kty":"oct","alg":"HS256","k":"' .. core.base64url(s1) .. '"}]}' };
	}) do
		it(case.name .. " stops the load", function ()
			case.fields.algorithms = case.fields.algorithms or null;
			local world = from(case.fields, { ["/a"] = case.text });
			local text = table.concat(world.problems, "\n");
			assert.is_truthy(text:find(case.says, 1, true), text);
			assert.is_nil(text:find("short\n", 1, true));
		end);
	end

	it("with another entry's secret stops the load, wherever that one has it", function ()
		for _, other in ipairs({ { secret = s1 }, { secret_file = "/b" } }) do
			other.jwks_url, other.algorithms, other.issuer = null, null, "other";
			local world = keyworld.new({ other, { jwks_url = null, secret_file = "/a", algorithms = null } },
				{ files = { ["/a"] = s1 .. "\n", ["/b"] = s1 } });
			assert.matches("secret_file%[1%]: found the secret of the entry", world.problems[1]);
		end
	end);

	describe("that changes", function ()
		local function changing()
			return from({ secret_file = "/a", algorithms = null }, { ["/a"] = s1 });
		end

		it("counts from the next second on, and is read only then", function ()
			local world = changing();
			world.pass(10);
			assert.equal(0, world.changes);
			world.write("/a", s2);
			world.pass(1);
			assert.equal(1, world.changes);
			local token = meetauth.sign(meetauth.key { alg = "HS256", secret = s2 }, { iss = "portal" });
			assert.is_table(verifier.of_entries(world.entries, 4096)(token, 0));
		end);

		it("to something broken changes nothing, and is told once", function ()
			local world = changing();
			local before = world.entries[1].keys;
			for _, text in ipairs({ "short", "short" }) do
				world.write("/a", text);
				world.pass(5);
			end
			assert.equal(1, #world.told);
			assert.matches("^error: meetauth_issuers%[1%]%.secret_file%[1%]: found .* the keys before stay$", world.told[1]);
			world.write("/a", nil);
			world.pass(5);
			assert.equal(2, #world.told);
			assert.equal(before, world.entries[1].keys);
			assert.equal(0, world.changes);
		end);

		it("to another entry's secret changes nothing", function ()
			local world = keyworld.new({ { jwks_url = null, secret_file = "/a", algorithms = null },
				{ jwks_url = null, secret = s2, algorithms = null, issuer = "other" } }, { files = { ["/a"] = s1 } });
			world.write("/a", s2);
			world.pass(1);
			assert.matches("found the secret of the entry \"e2\"", world.told[1]);
			assert.equal(0, world.changes);
		end);
	end);
end);

describe("An entry's window", function ()
	it("opens at not_before and closes at not_after", function ()
		local world = keyworld.new({ { jwks_url = null, secret = s1, kid = "k", algorithms = null,
			not_before = 1000010, not_after = 1000020 } });
		local function seen() return world.kids() .. " " .. world.chain:status()[1].state; end
		assert.equal(" not yet", seen());
		world.pass(9);
		assert.equal(" not yet", seen());
		world.pass(1);
		assert.equal("k current", seen());
		world.pass(9);
		assert.equal("k current", seen());
		world.pass(1);
		assert.equal(" over", seen());
		assert.equal(3, world.changes); -- the keys of the configuration count until the chain takes over
	end);

	it("that is closed has nobody wait for its keys", function ()
		local world = keyworld.new({ { not_after = 1000 } });
		assert.is_nil(world.want("a"));
	end);

	it("lets one entry follow on another with the same issuer, with an overlap", function ()
		local world = keyworld.new({
			{ jwks_url = null, secret = s1, algorithms = null, not_after = 1000020 },
			{ jwks_url = null, secret = s2, algorithms = null, not_before = 1000010 },
		});
		local function verdict(secret)
			local token = meetauth.sign(meetauth.key { alg = "HS256", secret = secret }, { iss = "portal" });
			local claims, reason = verifier.of_entries(world.entries, 4096)(token, world.time);
			return claims and "in" or reason;
		end
		assert.same({ "in", "signature-mismatch" }, { verdict(s1), verdict(s2) });
		world.pass(10);
		assert.same({ "in", "in" }, { verdict(s1), verdict(s2) });
		world.pass(10);
		assert.same({ "signature-mismatch", "in" }, { verdict(s1), verdict(s2) });
	end);
end);

describe("The keys' rows", function ()
	it("tell source, age, uses and state of each, by a name that betrays nothing", function ()
		local world = keyworld.new({ { secret = s1, algorithms = { "HS256", "ES256" }, refresh_max = 60 } });
		world.chain:tick();
		world.answer(ok(set("a", "-")));
		world.pass(7);
		world.chain:used(world.entries[1].keys[2]);
		world.pass(3);
		local print = keyworld.key("-"):thumbprint():sub(1, 8);
		assert.same({
			{ entry = "e1", kid = "meetauth_issuers[1].secret[1]", alg = "HS256", source = "secret", uses = 0, state = "current" },
			{ entry = "e1", kid = "a", alg = "ES256", source = "jwks_url", at = keyworld.url, age = 10,
				uses = 1, last_used = 1000007, state = "current" },
			{ entry = "e1", kid = print, alg = "ES256", source = "jwks_url", at = keyworld.url, age = 10, uses = 0, state = "current" },
		}, (world.chain:status()));
	end);

	it("are called other ones by what the time asks for only where they are", function ()
		local asap = { jwks_url = null, asap_url = "https://keys.example/asap", refresh_max = 60, key_grace = 5 };
		local file = { jwks_url = null, secret_file = "/a", algorithms = null };
		local world = keyworld.new({ { refresh_max = 60, key_grace = 5 }, asap, file }, { files = { ["/a"] = s1 } });
		world.always = function (request)
			return ok(request.url:find("asap", 1, true) and openssl.public("P-256") or set("a"));
		end;
		assert.is_false(world.chain:tick());
		world.want("abc");
		local function moves(seconds)
			local list = {};
			for second = 1, seconds do
				world.time = world.time + 1;
				if world.chain:tick() then list[#list + 1] = second; end
			end
			return list;
		end
		assert.same({}, moves(59));
		assert.same({}, moves(59)); -- looks that find the same
		world.always = function (request) return request.url:find("asap", 1, true) and { code = 404, headers = {} } or ok(set()); end;
		assert.same({ 7 }, moves(59)); -- 5 seconds after they were withdrawn
		world.write("/a", s2);
		assert.same({ 1 }, moves(20));
	end);

	it("tell what does not answer", function ()
		local world = keyworld.new({ { refresh_max = 60 } });
		world.chain:tick();
		world.answer(ok(set("a")));
		world.pass(60);
		world.answer({ failure = "timeout" });
		local rows, failing = world.chain:status();
		assert.equal("last good", rows[1].state);
		assert.same({ { entry = "e1", source = "jwks_url", at = keyworld.url, why = "timeout" } }, failing);
		world.pass(60);
		world.answer(ok(set("b")));
		rows, failing = world.chain:status();
		assert.same({ "b current", "a withdrawn" }, { rows[1].kid .. " " .. rows[1].state, rows[2].kid .. " " .. rows[2].state });
		assert.same({}, failing);
	end);

	it("keep their counters when the set changes around a key, and in the next configuration", function ()
		local uses = {};
		local world = keyworld.new({ { refresh_max = 60 } }, { uses = uses });
		world.always = function () return ok(set("a", "b")); end;
		world.chain:tick();
		local key = world.entries[1].keys[1];
		world.chain:used(key);
		world.always = function () return ok(set("c", "a")); end;
		world.pass(60);
		assert.equal(key, world.entries[1].keys[2]); -- the same object, with what it remembers
		world.chain:used(key);
		local later = keyworld.new({ {} }, { uses = uses, store = world.store });
		assert.equal(2, later.chain:status()[2].uses);
	end);

	it("forget the counters of keys that are no more", function ()
		local uses = {};
		local world = keyworld.new({ { refresh_max = 60, key_grace = 0 } }, { uses = uses });
		world.always = function () return ok(set("a", "b")); end;
		world.chain:tick();
		world.always = function () return ok(set("c")); end;
		world.pass(60);
		local count = 0;
		for _ in pairs(uses) do count = count + 1; end
		assert.equal(1, count);
	end);

	it("are looked at anew on an operator's word, one entry's or all", function ()
		local world = keyworld.new({ {}, { jwks_url = "https://two.example/" } });
		assert.equal(1, world.chain:refresh("e2"));
		assert.equal("https://two.example/", world.requests[1].url);
		assert.equal(2, world.chain:refresh());
		assert.equal(2, #world.requests); -- e2's look is still under way
		assert.equal(0, world.chain:refresh("nobody"));
	end);
end);
