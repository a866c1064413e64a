--- Daily's REST interface beside what changes while a server runs: keys in files, windows, revocations; and entries
-- that let in less than their tokens say.

local answer = require "meetauth.rest.api".answer;
local json = require "meetauth.util.json";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local secret = require "spec.support.secret";

local null = meetauth.null;
local api_key = ("a"):rep(32);

-- A world with one Daily entry of a secret file, and the interface to it.
local function site(fields)
	local entry = {
		id = "acme", dialect = "daily", domain_id = "acme-id", issuer = null, algorithms = null, jwks_url = null,
		secret_file = "/s",
	};
	for name, value in pairs(fields or {}) do entry[name] = value; end
	local world = keyworld.new({ entry }, {
		files = { ["/s"] = secret("1"), ["/t"] = secret("2") },
		options = { meetauth_http_keys = { acme = api_key }, meetauth_leeway = 0 },
	});
	assert.is_nil(world.problems);
	local here = { world = world };

	local function ask(method, path, body)
		local got = answer({
			method = method, path = path, query = {}, authorization = "Bearer " .. api_key, content_type = "application/json",
			body = body and json.encode(body) or "",
		}, {
			owners = world.host.api_keys, keys = world.chain.keys, max_token = 16384, now = world.time, may = function () return true; end,
			refused = function (grant) return here.refused and here.refused(grant); end,
		});
		return got.status, got.body;
	end

	function here.mint(more)
		local properties = { room_name = "standup", exp = world.time + 600 };
		for name, value in pairs(more or {}) do properties[name] = value; end
		local status, body = ask("POST", "meeting-tokens", { properties = properties });
		return body.token or ("%d %s"):format(status, body.info);
	end
	function here.validate(token)
		local status, body = ask("GET", "meeting-tokens/" .. token);
		return status == 200 and "valid" or ("%d %s"):format(status, body.info);
	end
	function here.by(letter, more)
		local claims = { d = "acme-id", r = "standup", iat = world.time, exp = world.time + 600 };
		for name, value in pairs(more or {}) do claims[name] = value ~= null and value or nil; end
		return assert(meetauth.sign(meetauth.key { alg = "HS256", secret = secret(letter) }, claims));
	end
	return here;
end

-- Which secret signed it.
local function signer(token)
	for _, letter in ipairs({ "1", "2", "3" }) do
		if meetauth.jws(token, { keys = { meetauth.key { alg = "HS256", secret = secret(letter) } }, algorithms = { "HS256" } }) then
			return letter;
		end
	end
	return token;
end

describe("Daily's REST interface", function ()
	it("signs with the secret that stands in the file now, and validates with it alone", function ()
		local here = site();
		local old = here.mint();
		assert.equal("1", signer(old));
		assert.equal("valid", here.validate(old));
		here.world.write("/s", secret("2"));
		here.world.pass(1);
		local new = here.mint();
		assert.equal("2", signer(new));
		assert.equal("valid", here.validate(new));
		assert.equal("400 signature-mismatch", here.validate(old));
	end);

	it("signs with the first of several, and validates by each", function ()
		local here = site({ secret_file = { "/t", "/s" }, secret = secret("3") });
		assert.equal("3", signer(here.mint()));
		for _, letter in ipairs({ "1", "2", "3" }) do assert.equal("valid", here.validate(here.by(letter))); end
		assert.equal("2", signer(site({ secret_file = { "/t", "/s" } }).mint()));
	end);

	it("signs with no key before the entry's window and none behind it", function ()
		local here = site({ not_before = 1000010, not_after = 1000020 });
		assert.equal("400 the token would be refused: unknown-key", here.mint());
		assert.equal("400 unknown-key", here.validate(here.by("1")));
		here.world.pass(10);
		local token = here.mint();
		assert.equal("valid", here.validate(token));
		here.world.pass(10);
		assert.equal("400 the token would be refused: unknown-key", here.mint());
		assert.equal("400 unknown-key", here.validate(token));
	end);

	it("finds no revoked token valid, and mints none that is", function ()
		local here = site();
		local token = here.mint({ user_id = "ann" });
		here.refused = function (grant) return grant.user.id == "ann" and "revoked" or nil; end;
		assert.equal("400 revoked", here.validate(token));
		assert.equal("400 the token would be refused: revoked", here.mint({ user_id = "ann" }));
		assert.equal("valid", here.validate(here.mint({ user_id = "ben" })));
	end);

	it("says that it cannot know while storage does not answer", function ()
		local here = site();
		local token = here.mint();
		here.refused = function () return "storage-unavailable"; end;
		assert.equal("500 storage-unavailable", here.validate(token));
		assert.equal("500 the token would be refused: storage-unavailable", here.mint());
	end);

	it("gives nothing of an entry that only observes", function ()
		local here = site({ mode = "observe" });
		assert.equal("400 the token would be refused: observed-only", here.mint());
		assert.equal("400 observed-only", here.validate(here.by("1")));
	end);

	it("keeps to the rooms of the entry", function ()
		local here = site({ rooms = { "team-*" } });
		assert.equal("valid", here.validate(here.mint({ room_name = "Team-1" })));
		assert.equal("400 the token would be refused: room-mismatch", here.mint());
		assert.equal("400 room-mismatch", here.validate(here.by("1")));
		here = site({ rooms = { "[acme]team-*", "open" }, tenant = "acme" });
		for _, name in ipairs({ "team-1", "open" }) do assert.equal("valid", here.validate(here.mint({ room_name = name }))); end
		assert.equal("400 the token would be refused: room-mismatch", here.mint());
		here = site({ rooms = { "team-*" }, room = "tenant", require = {} });
		assert.equal("valid", here.validate(here.by("1", { r = null }))); -- some of them
	end);

	it("mints no owner where the entry makes none, and takes such a token for what it is worth", function ()
		local here = site({ may = { "recording" } });
		assert.equal("400 is_owner: this domain's tokens cannot make a user an owner", here.mint({ is_owner = true }));
		assert.equal("valid", here.validate(here.mint({ is_owner = false })));
		assert.equal("valid", here.validate(here.by("1", { o = true })));
		here = site({ may = { "moderator" } });
		assert.equal("valid", here.validate(here.mint({ is_owner = true })));
	end);
end);
