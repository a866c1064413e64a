local grants = require "meetauth.access.grant";
local hostconfig = require "meetauth.config.host";
local json = require "meetauth.util.json";
local keyheld = require "meetauth.key.held";
local meetauth = require "meetauth";
local pasted = require "meetauth.page.pasted";
local policy = require "meetauth.access.policy";
local report = require "meetauth.page.report";
local verifier = require "meetauth.token.verifier";

local NOW = 1700000000;
local secret = "report-secret-of-the-specs-1-2-3-4-5-6-7";

local site = assert(hostconfig.read(function (name)
	return name == "meetauth_issuers" and { { id = "portal", issuer = "portal", secret = secret } } or nil;
end, {}, "meet.example"));
local verify = verifier.of_entries(site.entries, 16384, keyheld.of(site.entries));
local place = { base = "meet.example", nfkc = function (s) return s; end, fold = string.lower };

local function token(claims, by)
	local all = { iss = "portal", sub = "meet.example", room = "standup", exp = NOW + 600 };
	for name, value in pairs(claims or {}) do all[name] = value; end
	return meetauth.sign(meetauth.key({ alg = "HS256", secret = by or secret }), all);
end

local function of(text, room)
	local given = pasted.of(text);
	local claims, reason, entry = verify(given.token, NOW);
	local decision;
	if claims then
		local grant = assert(grants.of(claims, entry));
		if room then decision, reason = policy.enter(grant, { node = room }, place, NOW); end
	end
	local rows, subject = verify:explain(given.token, NOW, room and { node = room } or nil, place);
	local judged = { given = given, rows = rows, subject = subject, reason = reason, entry = entry, room = room };
	judged.decision = decision;
	report.complete(judged);
	return report.of(judged, NOW);
end

describe("meetauth.page.report", function ()
	it("says what a good token gives in a room", function ()
		local one = of(token(), "standup");
		assert.equal("accepted", one.verdict);
		assert.is_nil(one.sentence);
		assert.equal("portal", one.entry);
		assert.truthy(one.rights[1]:find("^May enter standup as member until "), one.rights[1]);
		for _, row in ipairs(one.rows) do assert.not_equal("fail", row.verdict, row.check); end
	end);

	it("shows header and claims as they are written, with times in words", function ()
		local one = of(token());
		assert.same({ { name = "alg", value = '"HS256"' }, { name = "typ", value = '"JWT"' } }, one.header);
		local names = {};
		for i, claim in ipairs(one.claims) do names[i] = claim.name; end
		assert.same({ "exp", "iss", "room", "sub" }, names);
		assert.truthy(one.claims[1].moment:find("in 10 minutes", 1, true));
		assert.is_nil(one.claims[2].moment);
	end);

	it("says why not, with the hint and what to write", function ()
		local one = of(token({ iss = "Portal" }));
		assert.equal("refused", one.verdict);
		assert.truthy(one.sentence:find("^unknown%-issuer: "), one.sentence);
		local found;
		for _, row in ipairs(one.rows) do
			if row.reason == "unknown-issuer" then found = row; end
		end
		assert.truthy(found.hint:find("only in case", 1, true), found.hint);
		assert.equal('Write iss = "portal"', found.write);
	end);

	it("says of another room why not, and what the token opens", function ()
		local one = of(token(), "retro");
		assert.truthy(one.sentence:find("^room%-mismatch"));
		assert.truthy(one.rights[1]:find("^Opens standup as member"), one.rights[1]);
	end);

	it("gives nothing where nobody vouches for it", function ()
		assert.is_nil(of(token({}, "another-secret-of-the-specs-1-2-3-4-5-6")).rights);
	end);

	it("takes a token out of a link, and says that the server would not", function ()
		local one = of("https://meet.example/standup?jwt=" .. token());
		assert.equal("accepted", one.verdict);
		assert.equal("malformed", one.as_given);
		assert.equal("pasted", one.rows[1].check);
	end);

	for _, text in ipairs({ "", "x", "a.b.c", "eyJ", ("x"):rep(60000), "\0\255", "{}" }) do
		it(("has a report on %d bytes that are no token"):format(#text), function ()
			local one = of(text);
			assert.equal("refused", one.verdict);
			assert.is_nil(one.claims);
			assert.is_string(json.encode(one));
		end);
	end

	it("shows what draws or turns direction by its number, in names, too", function ()
		local one = of(token({ ["\u{202e}x"] = "<b>\27" }));
		assert.equal("\\u202ex", one.claims[#one.claims].name);
		assert.equal('"<b>\\u001b"', one.claims[#one.claims].value);
	end);
end);
