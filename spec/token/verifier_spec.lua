local core = require "meetauth.core";
local verifier = require "meetauth.token.verifier";
local base64 = require "spec.support.base64";
local held = require "spec.support.held";
local hostile = require "spec.support.hostile";
local openssl = require "spec.support.openssl";
local reasons = require "meetauth.reasons".by_word;

local now = 1700000000;

local function secret_key(letter, alg, kid)
	return assert(core.key.new(alg or "HS256", "secret", letter:rep(64), kid));
end

local mine, other = secret_key("m"), secret_key("o");
local head = '{"alg":"HS256","typ":"JWT"}';

local function token(payload, header, key)
	return assert(core.sign(key or mine, header or head, payload or "{}"));
end

local function with(entry)
	entry.asked = entry.asked or { leeway = 0.0 };
	return verifier.of_keys(entry, 4096, entry.keys or { mine });
end

local function of_entries(entries) return verifier.of_entries(entries, 4096, held(entries)); end

local function unsigned(header, payload, signature)
	return base64.url(header) .. "." .. base64.url(payload or "{}") .. "." .. (signature or "AA");
end

local cases = {
	{ name = "hands out the claims", token = token('{"a":[1,{"b":null}]}'), claims = { a = { 1, { b = core.null } } } };
	{ name = "takes a header without typ", token = token("{}", '{"alg":"HS256"}'), claims = {} };

	{ name = "refuses what is no token", token = "token", reason = "malformed" };
	{ name = "refuses nil", token = nil, reason = "malformed" };
	{ name = "refuses a number", token = 1, reason = "malformed" };
	{ name = "refuses a table", token = {}, reason = "malformed" };
	{ name = "refuses white space in front", token = " " .. token(), reason = "malformed" };
	{ name = "refuses a newline behind", token = token() .. "\n", reason = "malformed" };
	{ name = "refuses padding behind", token = token() .. "=", reason = "malformed" };
	{ name = "refuses a scheme in front", token = "Bearer " .. token(), reason = "malformed" };
	{ name = "refuses what is longer than allowed", token = token('"' .. ("x"):rep(4096) .. '"'), reason = "too-large" };
	{ name = "refuses an encrypted token", token = "e30.AA.AA.AA.AA", reason = "unsupported" };

	{ name = "refuses none (CVE-2015-9235)", token = unsigned('{"alg":"none"}'), reason = "algorithm-mismatch" };
	{ name = "refuses None", token = unsigned('{"alg":"None"}'), reason = "algorithm-mismatch" };
	{ name = "refuses nOnE, even if it is signed", token = token("{}", '{"alg":"nOnE"}'), reason = "algorithm-mismatch" };
	{ name = "refuses none without a signature (CVE-2020-28042)",
		token = unsigned('{"alg":"none"}', "{}", ""), reason = "malformed" };
	{ name = "refuses another algorithm of the family",
		token = token("{}", '{"alg":"HS512"}', secret_key("m", "HS512")), reason = "algorithm-mismatch" };
	{ name = "refuses the right signature under a wrong name",
		token = token("{}", '{"alg":"HS384"}'), reason = "algorithm-mismatch" };
	{ name = "refuses the algorithm in lower case", token = token("{}", '{"alg":"hs256"}'), reason = "algorithm-mismatch" };
	{ name = "refuses the algorithm with a NUL", token = token("{}", [[{"alg":"HS256\u0000"}]]), reason = "algorithm-mismatch" };
	{ name = "refuses a header without alg", token = token("{}", '{"typ":"JWT"}'), reason = "bad-header" };
	{ name = "refuses an array as header", token = token("{}", '["HS256"]'), reason = "bad-json" };
	{ name = "refuses crit", token = token("{}", '{"alg":"HS256","crit":["x"],"x":1}'), reason = "critical-extension" };

	{ name = "refuses another's signature", token = token("{}", head, other), reason = "signature-mismatch" };
	{ name = "refuses no signature to speak of", token = token():match("^(.*%.)") .. "AA", reason = "signature-mismatch" };
	{ name = "refuses a signature that is no base64url",
		token = token():match("^(.*%.)") .. "A", reason = "malformed" };
	{ name = "refuses the key in the token (CVE-2018-0114)",
		token = token("{}", ('{"alg":"HS256","jwk":{"kty":"oct","k":"%s"}}'):format(base64.url(("o"):rep(64))), other),
		reason = "signature-mismatch" };
	{ name = "tells a forged token before what it says",
		token = token('{"exp":1}', head, other), reason = "signature-mismatch" };
	{ name = "tells a forged token before its JSON", token = token("{", head, other), reason = "signature-mismatch" };

	{ name = "refuses a payload that is no object", token = token("[]"), reason = "bad-json" };
	{ name = "refuses a payload that is null", token = token("null"), reason = "bad-json" };
	{ name = "refuses a payload that is no JSON", token = token("{NaN}"), reason = "bad-json" };
	{ name = "refuses a claim that comes twice", token = token('{"exp":1800000000,"exp":1}'), reason = "duplicate-member" };
	{ name = "refuses a claim of the wrong type", token = token('{"exp":"1800000000"}'), reason = "bad-claim" };
	{ name = "refuses an expired token", token = token('{"exp":1700000000}'), reason = "expired" };
	{ name = "refuses a token of later", token = token('{"nbf":1700000001}'), reason = "not-yet-valid" };
};

local types = {
	{ typ = nil, accepted = nil, ok = true };
	{ typ = "JWT", accepted = nil, ok = true };
	{ typ = "anything", accepted = nil, ok = true };
	{ typ = "JWT", accepted = { jwt = true }, ok = true };
	{ typ = "jwt", accepted = { jwt = true }, ok = true };
	{ typ = "application/JWT", accepted = { jwt = true }, ok = true };
	{ typ = "at+jwt", accepted = { jwt = true, ["at+jwt"] = true }, ok = true };
	{ typ = "at+jwt", accepted = { jwt = true }, ok = false };
	{ typ = "", accepted = { jwt = true }, ok = false };
	{ typ = nil, accepted = { jwt = true }, ok = false };
	{ typ = nil, accepted = { jwt = true, [""] = true }, ok = true };
	{ typ = "JWT ", accepted = { jwt = true }, ok = false };
};

describe("meetauth.token.verifier", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local claims, reason = with({})(case.token, now);
			assert.same(case.claims, claims);
			assert.equal(case.reason, reason);
			assert.is_true(case.claims ~= nil or reasons[reason] ~= nil);
		end);
	end

	for _, case in ipairs(types) do
		local accepted = {};
		for typ in pairs(case.accepted or {}) do accepted[#accepted + 1] = ("%q"):format(typ); end
		table.sort(accepted);
		it(("%s typ %s where %s"):format(case.ok and "takes" or "refuses", case.typ and ("%q"):format(case.typ) or "absent",
			case.accepted and "it is one of " .. table.concat(accepted, ", ") or "none is asked"), function ()
			local verify = with({ typ = case.accepted });
			local text = case.typ and ('{"alg":"HS256","typ":"%s"}'):format(case.typ) or '{"alg":"HS256"}';
			for _ = 1, 2 do -- the second time, the header is known
				local claims, reason = verify(token("{}", text), now);
				assert.same(case.ok and {} or nil, claims);
				assert.equal(not case.ok and "type-mismatch" or nil, reason);
			end
		end);
	end

	it("hands out, of a host's entries, the one whose key signed, and the key", function ()
		local entry = { dialect = "jitsi", asked = { leeway = 0.0 } };
		local keys = { [entry] = { { key = other }, { key = mine } } };
		local claims, reason, by, key = verifier.of_entries({ entry }, 4096, keys)(token('{"iss":"portal"}'), now);
		assert.same({ { iss = "portal" }, "nil" }, { claims, tostring(reason) });
		assert.equal(entry, by);
		assert.equal(mine, key);
	end);

	it("hands out the entry and the key where keys that came from elsewhere serve one", function ()
		local entry = { dialect = "jitsi", asked = { leeway = 0.0 } };
		local _, _, by, key = verifier.of_entry(entry, 4096, { other, mine })(token(), now);
		assert.equal(entry, by);
		assert.equal(mine, key);
	end);

	it("hands out the claims alone where it has keys and no entries, as its page says", function ()
		local verify = verifier.of_keys({ asked = { leeway = 0.0 } }, 4096, { other, mine });
		assert.equal(1, select("#", verify(token(), now)));
	end);

	it("hands out one entry, its key and its claims alone, the first time and each time after it", function ()
		local entry = { asked = { leeway = 0.0 } };
		local by_entry, by_keys = verifier.of_entry(entry, 4096, { mine }), verifier.of_keys(entry, 4096, { mine });
		for _ = 1, 3 do
			assert.same({ {}, nil, entry, mine, n = 4 }, table.pack(by_entry(token(), now)));
			assert.same({ {}, n = 1 }, table.pack(by_keys(token(), now)));
			assert.same({ nil, "expired", n = 2 }, table.pack(by_entry(token('{"exp":1}'), now)));
			assert.same({ nil, "signature-mismatch", n = 2 }, table.pack(by_keys(token("{}", head, other), now)));
		end
	end);

	it("gives the payload by whichever key signed, and tries no other after another failure", function ()
		local verify = verifier.of_keys({ asked = { leeway = 0.0 } }, 4096, { other, mine });
		assert.equal('{"a":1}', verify:payload(token('{"a":1}')));
		assert.equal('{"a":1}', verify:payload(token('{"a":1}', head, other)));
		assert.same({ nil, "malformed" }, { verify:payload((token():gsub("%.[^.]*$", ".="))) });
	end);

	it("raises where now is no number of seconds, whatever the token is", function ()
		local verify = with({});
		for _ = 1, 2 do
			for _, text in ipairs({ token(), token("{}", head, other), "x" }) do
				assert.error_matches(function () verify(text, 0 / 0); end, "now must be a number of seconds");
				assert.has_error(function () verify(text); end);
			end
		end
	end);

	it("hands out no entry with a refusal", function ()
		assert.equal(2, select("#", with({})(token('{"exp":1}'), now)));
		assert.equal(2, select("#", with({})(token("{}", head, other), now)));
	end);

	it("hands out fresh claims each time", function ()
		local verify = with({});
		local text = token('{"context":{"user":{"name":"Joe"}}}');
		verify(text, now).context.user.name = "Eve";
		assert.same({ context = { user = { name = "Joe" } } }, verify(text, now));
	end);

	it("looks at the clock each time", function ()
		local verify = with({});
		local text = token('{"exp":1700000010}');
		assert.same({ exp = 1700000010 }, verify(text, now));
		assert.same({ nil, "expired" }, { verify(text, now + 10) });
		assert.same({ exp = 1700000010 }, verify(text, now + 9));
	end);

	it("tries keys while they rotate", function ()
		local verify = with({ keys = { other, mine } });
		assert.same({}, verify(token(), now));
		assert.same({}, verify(token("{}", head, other), now));
		assert.same({ nil, "signature-mismatch" }, { verify(token("{}", head, secret_key("x")), now) });
	end);

	it("goes by kid where the token has one", function ()
		local old, new = secret_key("1", "HS256", "old"), secret_key("2", "HS256", "new");
		local verify = with({ keys = { old, new } });
		assert.same({}, verify(token("{}", '{"alg":"HS256","kid":"new"}', new), now));
		assert.same({}, verify(token("{}", '{"alg":"HS256"}', new), now));
		assert.same({ nil, "signature-mismatch" }, { verify(token("{}", '{"alg":"HS256","kid":"old"}', new), now) });
		assert.same({ nil, "unknown-key" }, { verify(token("{}", '{"alg":"HS256","kid":"newer"}', new), now) });
		assert.same({}, verify(token("{}", '{"alg":"HS256","kid":"new"}', new), now)); -- it was read before
	end);

	it("keeps two algorithms apart", function ()
		local rsa, ec = openssl.private("rsa"), openssl.private("P-256");
		local verify = with({ keys = {
			core.key.new("RS256", "public", openssl.public("rsa")),
			core.key.new("ES256", "public", openssl.public("P-256")),
		} });
		local rs, es = core.key.new("RS256", "private", rsa), core.key.new("ES256", "private", ec);
		assert.same({}, verify(token("{}", '{"alg":"RS256"}', rs), now));
		assert.same({}, verify(token("{}", '{"alg":"ES256"}', es), now));
		assert.same({ nil, "signature-mismatch" }, { verify(token("{}", '{"alg":"ES256"}', rs), now) });
		assert.same({ nil, "signature-mismatch" }, { verify(token("{}", '{"alg":"RS256"}', es), now) });
		local ps = core.key.new("PS256", "private", rsa);
		assert.same({ nil, "algorithm-mismatch" }, { verify(token("{}", '{"alg":"PS256"}', ps), now) });
		assert.same({ nil, "signature-mismatch" }, { verify(token("{}", '{"alg":"RS256"}', ps), now) });
	end);

	it("takes no public key for a secret (CVE-2016-10555)", function ()
		local pem = openssl.public("rsa");
		local verify = with({ keys = { core.key.new("RS256", "public", pem) } });
		local input = base64.url('{"alg":"HS256"}') .. "." .. base64.url("{}");
		local forged = input .. "." .. base64.url(openssl.hmac(pem, input));
		assert.same({ nil, "algorithm-mismatch" }, { verify(forged, now) });
		input = base64.url('{"alg":"RS256"}') .. "." .. base64.url("{}");
		forged = input .. "." .. base64.url(openssl.hmac(pem, input));
		assert.same({ nil, "signature-mismatch" }, { verify(forged, now) });
	end);

	it("accepts exactly one spelling of a token", function ()
		local verify = with({});
		local text = token('{"iss":"portal","room":"x"}');
		assert.is_table(verify(text, now));
		for i = 1, #text do
			for digit = 1, 64 do
				local bent = text:sub(1, i - 1) .. base64.alphabet:sub(digit, digit) .. text:sub(i + 1);
				if bent ~= text then
					local claims, reason = verify(bent, now);
					assert.is_nil(claims, bent);
					assert.truthy(reasons[reason], reason);
				end
			end
			assert.is_nil((verify(text:sub(1, i - 1) .. text:sub(i + 1), now)));
			assert.is_nil((verify(text:sub(1, i) .. "A" .. text:sub(i + 1), now)));
			assert.is_nil((verify(text:sub(1, i - 1), now)));
		end
		assert.is_table(verify(text, now));
	end);

	it("says a known word to hostile bytes, and lets none of them in", function ()
		local verify = with({ keys = { mine, other, secret_key("k", "HS512", "k") } });
		local told = {};
		for bent in hostile.tokens(token('{"exp":1800000000,"context":{"user":{"name":"Joe"}}}'), 1, 20000) do
			local claims, reason = verify(bent, now);
			assert.is_nil(claims, bent);
			assert.truthy(reasons[reason], reason);
			told[reason] = true;
		end
		for _, word in ipairs({ "malformed", "bad-json", "signature-mismatch", "algorithm-mismatch", "bad-header" }) do
			assert.is_true(told[word], word .. " was never told: the mutations are too rough");
		end
	end);

	it("says a known word to signed nonsense", function ()
		local verify = with({ asked = { leeway = 0.0, issuer = { portal = true } } });
		local told = {};
		local text = '{"iss":"portal","exp":1800000000,"nbf":1,"aud":["a","b"],"x":[1.5,null,true,"\\u00e9"]}';
		for bent in hostile.tokens(text, 2, 20000) do
			local claims, reason = verify(token(bent), now);
			assert.is_true(claims == nil and reasons[reason] ~= nil or claims.iss == "portal", reason);
			told[reason or "ok"] = true;
		end
		for _, word in ipairs({ "ok", "bad-json", "issuer-mismatch", "bad-claim" }) do
			assert.is_true(told[word], word .. " was never told: the mutations are too rough");
		end
	end);
end);

describe("meetauth.token.verifier.of_entries", function ()
	local function entry(fields)
		fields.asked = fields.asked or { leeway = 0.0 };
		return fields;
	end
	local portal = entry({ dialect = "jitsi", issuer = { "portal" }, keys = { mine },
		asked = { leeway = 0.0, issuer = { portal = true } } });
	local school = entry({ dialect = "jitsi", issuer = { "school" }, keys = { other }, typ = { jwt = true },
		asked = { leeway = 0.0, issuer = { school = true } } });
	local acme = entry({ dialect = "daily", domain_id = "acme", keys = { secret_key("a") },
		asked = { leeway = 0.0, require = { "exp" } } });
	local verify = of_entries({ portal, school, acme });

	local entries = {
		{ name = "a token of the first", text = token('{"iss":"portal"}'), entry = portal };
		{ name = "a token of the second", text = token('{"iss":"school"}', head, other), entry = school };
		{ name = "a Daily token", text = token('{"d":"acme","exp":1800000000}', head, acme.keys[1]), entry = acme };
		{ name = "a token that one entry signed in another's name",
			text = token('{"iss":"portal"}', head, other), reason = "signature-mismatch" };
		{ name = "a Daily token that a Jitsi entry signed",
			text = token('{"d":"acme","exp":1800000000}'), reason = "signature-mismatch" };
		{ name = "a Jitsi token that a Daily entry signed",
			text = token('{"iss":"portal"}', head, acme.keys[1]), reason = "signature-mismatch" };
		{ name = "a token of nobody", text = token('{"iss":"nobody"}'), reason = "unknown-issuer" };
		{ name = "a token without iss and d", text = token("{}"), reason = "unknown-issuer" };
		{ name = "a token of both dialects", text = token('{"iss":"portal","d":"acme"}'), reason = "ambiguous-claims" };
		{ name = "what the entry requires", text = token('{"d":"acme"}', head, acme.keys[1]), reason = "missing-claim" };
		{ name = "the entry's typ", text = token('{"iss":"school"}', '{"alg":"HS256"}', other), reason = "type-mismatch" };
		{ name = "a payload that is no object, before any key", text = token("[]", head, other), reason = "bad-json" };
		{ name = "iss that comes twice, before any key",
			text = token('{"iss":"portal","iss":"school"}', head, other), reason = "duplicate-member" };
		{ name = "a claim that comes twice behind the signature only",
			text = token('{"iss":"portal","x":1,"x":2}', head, other), reason = "signature-mismatch" };
		{ name = "a signed claim that comes twice", text = token('{"iss":"portal","x":1,"x":2}'), reason = "duplicate-member" };
		{ name = "an algorithm that the entry has not",
			text = token('{"iss":"portal"}', '{"alg":"HS512"}', secret_key("m", "HS512")), reason = "algorithm-mismatch" };
	};

	for _, case in ipairs(entries) do
		it("knows " .. case.name, function ()
			for _ = 1, 2 do
				local claims, reason, found = verify(case.text, now);
				assert.equal(case.reason, reason);
				assert.equal(case.entry, found);
				assert.equal(case.entry ~= nil, claims ~= nil);
			end
		end);
	end

	local again = entry({ dialect = "jitsi", issuer = { "portal" }, keys = { secret_key("n") } });
	local anybody = entry({ dialect = "jitsi", keys = { secret_key("z") } });
	local meant = {
		{ name = "the one whose key signed", { portal, school, acme }, token('{"iss":"portal","exp":1}'), portal };
		{ name = "the one that iss leaves", { portal, school, acme }, token('{"iss":"portal"}', head, other), portal };
		{ name = "the one that d leaves", { portal, school, acme }, token('{"d":"acme"}'), acme };
		{ name = "the one whose key signed, of two", { portal, again }, token('{"iss":"portal","exp":1}'), portal };
		{ name = "the one that takes any iss", { anybody, acme }, token('{"iss":"portal"}'), anybody };
		{ name = "none of two that no key speaks for", { portal, again }, token('{"iss":"portal"}', head, other) };
		{ name = "none where one takes any iss", { portal, anybody }, token('{"iss":"portal"}', head, other) };
		{ name = "none for another iss", { portal, school }, token('{"iss":"nobody"}') };
		{ name = "none for both dialects", { portal, acme }, token('{"iss":"portal","d":"acme"}') };
		{ name = "none for iss that comes twice", { portal, school }, token('{"iss":"portal","iss":"portal"}') };
		{ name = "none for what is no token", { portal }, "portal" };
	};
	for _, case in ipairs(meant) do
		it("knows whose a token is: " .. case.name, function ()
			assert.equal(case[3], verifier.entry_of(of_entries(case[1]), case[2]));
		end);
	end
end);

describe("A verifier's wanted", function ()
	local function entry(issuer, algorithms, ...)
		return { dialect = "jitsi", issuer = { issuer }, algorithms = algorithms, keys = { ... }, asked = { leeway = 0.0 } };
	end
	local named = assert(core.key.new("HS256", "secret", ("n"):rep(32), "known"));
	local with_key = entry("portal", { "HS256" }, named);
	local without, second = entry("portal", { "RS256" }), entry("portal", { "HS256", "RS256" });
	local unnamed = entry("school", { "HS256" }, mine);
	local verify = of_entries({ with_key, without, second, unnamed });

	local rows = {
		{ name = "names the entries that accept the algorithm of a token with an unknown kid",
			text = token('{"iss":"portal"}', '{"alg":"HS256","kid":"new"}'), with_key, second };
		{ name = "names those without a key, too", text = token('{"iss":"portal"}', '{"alg":"RS256","kid":"new"}'), without, second };
		{ name = "names an entry whose keys have no kid",
			text = token('{"iss":"school"}', '{"alg":"HS256","kid":"new"}', other), unnamed };
		{ name = "names the entries of a token without a kid", text = token('{"iss":"school"}', head, other), unnamed };
		{ name = "names the entries of a token whose key is there: its source may have another one under that name",
			text = token('{"iss":"portal"}', '{"alg":"HS256","kid":"known"}'), with_key, second };
		{ name = "names none for an algorithm that no entry accepts",
			text = token('{"iss":"portal"}', '{"alg":"ES256","kid":"new"}') };
		{ name = "names none for an unknown issuer", text = token('{"iss":"other"}', '{"alg":"HS256","kid":"new"}') };
		{ name = "names none for a bad header", text = token('{"iss":"portal"}', '{"alg":"HS256","kid":7}') };
		{ name = "names none for garbage", text = "garbage" };
	};

	for _, row in ipairs(rows) do
		it(row.name, function ()
			local found, entries = verify:wanted(row.text);
			assert.equal(row[1] ~= nil, found ~= nil);
			for i = 1, 4 do assert.equal(row[i], (entries or {})[i]); end
		end);
	end
end);
