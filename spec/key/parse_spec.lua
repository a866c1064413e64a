-- The text of a key source into keys of an entry, each bound to one of its algorithms.

local secret_of = require "spec.support.secret";
local core = require "meetauth.core";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local openssl = require "spec.support.openssl";
local parse = require "meetauth.key.parse";

local ok, null = keyworld.ok, meetauth.null;
local long = secret_of("s", 64);

-- The keys of a document, as "algorithm kid" in their order, or why there is none.
local function keys_of(document, reason)
	if not document then return reason; end
	local words = {};
	for i, found in ipairs(document.found) do words[i] = found.key:alg() .. " " .. (found.key:kid() or "-"); end
	return table.concat(words, ", ");
end

local function jwk_of(kind, alg, kid)
	local members = assert(core.key.new(alg or "RS256", "private", openssl.private(kind), kid)):jwk();
	if not alg then members.alg = nil; end
	return require("meetauth.util.json").encode(members);
end

local function set_of(...) return '{"keys":[' .. table.concat({ ... }, ",") .. "]}"; end

local oct = '{"kty":"oct","alg":"HS256","k":"' .. core.base64url(long) .. '"}';

-- { what stands in the source, its kind, the entry, text, keys or reason, what is left out }
local cases = {
	{ "a secret under each algorithm that it is long enough for", "secret_file", { algorithms = { "HS256", "HS512" } }, long,
		"HS256 -, HS512 -" };
	{ "a secret under one of two, because it is short for the other", "secret_file", { algorithms = { "HS256", "HS512" } },
		long:sub(1, 32), "HS256 -" };
	{ "a short secret", "secret_file", { algorithms = { "HS256" } }, "short", "weak-secret" };
	{ "a short secret that the entry allows", "secret_file", { algorithms = { "HS256" }, weak_secret = true }, "short", "HS256 -" };
	{ "a secret under the entry's kid", "secret_file", { algorithms = { "HS256" }, kid = "k1" }, long, "HS256 k1" };
	{ "a public key in a secret's place", "secret_file", { algorithms = { "HS256" } }, openssl.public("rsa"), "not-secret" };
	{ "an RSA key under each algorithm of RSA", "public_key_file", { algorithms = { "RS256", "PS256", "ES256" } },
		openssl.public("rsa"), "RS256 -, PS256 -" };
	{ "a certificate", "public_key_file", { algorithms = { "ES256" } }, openssl.certificate("P-256"), "ES256 -" };
	{ "a key that no algorithm of the entry fits", "public_key_file", { algorithms = { "RS256" } }, openssl.public("P-256"),
		"key-type-mismatch" };
	{ "a private key in a public one's place", "public_key_file", { algorithms = { "RS256" } }, openssl.private("rsa"),
		"not-public" };
	{ "no key at all", "public_key_file", { algorithms = { "RS256" } }, "<html>", "bad-key" };
	{ "the key of a name", "asap_url", { algorithms = { "ES256" } }, openssl.public("P-256"), "ES256 abc", kid = "abc" };
	{ "keys of a set, each under its own algorithm and kid", "jwks_url", { algorithms = { "ES256", "RS256" } },
		set_of(jwk_of("P-256", "ES256", "a"), jwk_of("rsa", "RS256", "b")), "ES256 a, RS256 b" };
	{ "an RSA key of a set that names no algorithm, under each that is accepted", "jwks_file", { algorithms = { "RS256", "PS512" } },
		set_of(jwk_of("rsa", nil, "r")), "RS256 r, PS512 r" };
	{ "what of a set is for other algorithms", "jwks_url", { algorithms = { "ES256" } },
		set_of(jwk_of("P-256", "ES256", "a"), jwk_of("rsa", "RS256", "b")), "ES256 a", { "b algorithm-mismatch" } };
	{ "a secret in a set", "jwks_file", { algorithms = { "HS256" } }, set_of(oct), "", { "- not-public" } };
	{ "a set without keys", "jwks_url", { algorithms = { "ES256" } }, '{"keys":[]}', "" };
	{ "a set that is too large", "jwks_url", { algorithms = { "ES256" } }, set_of() .. (" "):rep(262144), "oversized-set" };
	{ "an empty object, which withdraws nothing", "cache_keys_url", { algorithms = { "RS256" } }, "{}", "bad-set" };
	{ "a list", "cache_keys_url", { algorithms = { "RS256" } }, "[]", "bad-set" };
	{ "no JSON", "cache_keys_url", { algorithms = { "RS256" } }, "keys", "bad-json" };
	{ "a member twice", "cache_keys_url", { algorithms = { "RS256" } }, '{"a":"x","a":"x"}', "duplicate-member" };
};

describe("meetauth.key.parse", function ()
	for _, case in ipairs(cases) do
		it(("says %q to %s"):format(case[5], case[1]), function ()
			local document, reason = parse.readers[case[2]](case[3], case[4], case.kid);
			assert.equal(case[5], keys_of(document, reason));
			local skipped = {};
			for i, one in ipairs(document and document.skipped or {}) do skipped[i] = (one.kid or "-") .. " " .. one.reason; end
			assert.same(case[6] or {}, skipped);
		end);
	end

	it("cuts one line break off the end of a secret's file, and says so", function ()
		local entry = { algorithms = { "HS256" } };
		local plain = parse.secret_file(entry, long).found[1].identity;
		for ending, is_cut in pairs({ [""] = false, ["\n"] = true, ["\r\n"] = true }) do
			local document = assert(parse.secret_file(entry, long .. ending));
			assert.equal(is_cut, document.newline);
			assert.equal(plain, document.found[1].identity);
		end
		assert.not_equal(plain, parse.secret_file(entry, long .. "\n\n").found[1].identity);
	end);

	it("gives a key one identity, whatever form it came in, and another under another name or algorithm", function ()
		local entry = { algorithms = { "RS256", "PS256" } };
		local pem = parse.public(entry, openssl.public("rsa")).found;
		local certificate = parse.public(entry, openssl.certificate("rsa")).found;
		local set = parse.set(entry, set_of(jwk_of("rsa"))).found;
		for i = 1, 2 do assert.same({ pem[i].identity, pem[i].identity }, { certificate[i].identity, set[i].identity }); end
		assert.not_equal(pem[1].identity, pem[2].identity);
		assert.not_equal(pem[1].identity, parse.public(entry, openssl.public("rsa"), "k").found[1].identity);
	end);

	it("keeps of a secret a hash, and what it may be mistaken for; of a public key neither", function ()
		local secret = parse.secret({ algorithms = { "HS256" } }, long).found[1];
		assert.equal(core.base64url(core.sha256(long)), secret.secret);
		assert.is_nil(secret.identity:find(long, 1, true));
		assert.is_table(secret.lookalikes()[1]);
		local public = parse.public({ algorithms = { "ES256" } }, openssl.public("P-256")).found[1];
		assert.same({}, { public.secret, public.lookalikes });
	end);
end);

describe("A flat map of certificates", function ()
	local pem = openssl.public("P-256");
	local function map(members)
		local world = keyworld.new({ { jwks_url = null, cache_keys_url = keyworld.url } });
		world.always = function () return ok(require("meetauth.util.json").encode(members)); end;
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
