--- Taking back by REST, with the host's revocations in memory.

local answer = require "meetauth.rest.api".answer;
local core = require "meetauth.core";
local hostconfig = require "meetauth.config.host";
local json = require "meetauth.util.json";
local keyheld = require "meetauth.key.held";
local new_revocation = require "meetauth.server.revocation".of;
local revocations = require "meetauth.server.revocations";
local secret_of = require "spec.support.secret";

local keys = { acme = ("a"):rep(32), beta = ("b"):rep(32) };
local now = 1700000000;

local options = {
	meetauth_issuers = {
		{ id = "acme", dialect = "daily", domain_id = "a", secret = secret_of("1") };
		{ id = "beta", dialect = "daily", domain_id = "b", secret = secret_of("2") };
	};
	meetauth_http_keys = keys;
};

-- A host, its revocations, and requests by an entry's key.
local function site()
	local host = assert(hostconfig.read(function (name) return options[name]; end));
	local here = { set = revocations.new(), works = true, now = now };
	function here.revoke(kind, value, wanted, by)
		local one, problem = new_revocation(kind, value, wanted or {}, host.entries, 0, here.now);
		if not one then return nil, problem; end
		if not here.works then return nil, "storage-unavailable"; end
		one.by = by;
		here.set:add(one);
		return one;
	end
	function here.ask(entry, method, path, body, query)
		local got = answer({
			method = method, path = path, query = query or {}, authorization = "Bearer " .. keys[entry],
			content_type = "application/json", body = body and json.encode(body) or "",
		}, {
			owners = host.api_keys, keys = keyheld.of(host.entries), max_token = 16384, now = here.now,
			may = function () return true; end, refused = function () return nil; end,
			revocations = {
				revoke = here.revoke, max = 3, ids = function (id) return here.set:ids(id); end,
				get = function (id) return here.set:get(id); end,
				find = function (...) return here.set:find(...); end, count = function (id) return here.set:count_of(id); end,
				unrevoke = function (id)
					if not here.works then return nil, "storage-unavailable"; end
					here.set:remove(id);
					return true;
				end,
			},
		});
		return got.status, got.body, got;
	end
	function here.hits(grant) return here.set:hit(grant) ~= nil; end
	return here;
end

local function said(status, body) return ("%d %s: %s"):format(status, body.error, body.info); end

describe("to revoke by REST", function ()
	for _, case in ipairs({
		{ "a token by its id", { kind = "jti", value = "5b1e" }, { token_id = "5b1e" }, { token_id = "5b1f" } };
		{ "a user", { kind = "user", value = "u-17" }, { user = { id = "daily:acme:u-17" } }, { user = { id = "u-17" } } };
		{ "a subject", { kind = "sub", value = "x" }, { domain = "x" }, { domain = "y" } };
		{ "the entry", { kind = "entry" }, {}, { entry = "beta" } };
		{ "the entry by its name", { kind = "entry", value = "acme" }, {}, { entry = "beta" } };
		{ "what was issued before a moment", { kind = "entry", issued_before = now }, { issued = now - 1 }, { issued = now } };
	}) do
		it(("takes back %s, and nothing else"):format(case[1]), function ()
			local here = site();
			local status, body, got = here.ask("acme", "POST", "revoke", case[2]);
			assert.same({ 200, case[2].kind, "key", "tokens revoked" }, { status, body.kind, body.by, got.event });
			for _, grant in ipairs({ case[3], case[4] }) do grant.entry = grant.entry or "acme"; end
			assert.is_true(here.hits(case[3]));
			assert.is_false(here.hits(case[4]));
			case[3].entry = "beta"; -- the same of another entry
			assert.is_false(here.hits(case[3]));
			case[3].entry = "acme";
		end);
	end

	it("tells what was revoked, a user by the id that the back end knows", function ()
		local here = site();
		local _, body = here.ask("acme", "POST", "revoke", { kind = "user", value = "u-17", issued_before = now, expires = core.null });
		assert.truthy(body.id:find("^%x+$"));
		body.id = nil;
		assert.same({ kind = "user", value = "u-17", issued_before = now, since = now, by = "key" }, body);
		assert.equal(now + 70, select(2, here.ask("acme", "POST", "revoke", { kind = "jti", value = "x", expires = now + 60 })).ends);
	end);

	for _, case in ipairs({
		{ {}, "missing required field: kind" };
		{ { kind = 7, value = "x" }, "missing required field: kind" };
		{ { kind = "role", value = "x" }, "kind: expected jti, sub, user or entry" };
		{ { kind = "jti" }, "value should be a string" };
		{ { kind = "jti", value = 7 }, "value should be a string" };
		{ { kind = "jti", value = "" }, "value: expected 1 to 1024 bytes of UTF-8" };
		{ { kind = "jti", value = ("x"):rep(1025) }, "value: expected 1 to 1024 bytes of UTF-8" };
		{ { kind = "entry", value = "beta" }, "value should be the API key's entry" };
		{ { kind = "jti", value = "x", entry = "beta" }, "unknown parameter 'entry'" };
		{ { kind = "jti", value = "x", issued_before = "now" }, "issued_before: expected seconds since the epoch" };
		{ { kind = "jti", value = "x", expires = -1 }, "expires: expected seconds since the epoch" };
		{ setmetatable({}, core.array_mt), "the body should be an object" };
	}) do
		it(("is refused: %s"):format(case[2]), function ()
			local here = site();
			assert.equal("400 invalid-request-error: " .. case[2], said(here.ask("acme", "POST", "revoke", case[1])));
			assert.equal(0, here.set.count);
		end);
	end

	it("has an end, so that others can revoke, too; the same again is no further one", function ()
		local here = site();
		for i = 1, 3 do assert.equal(200, (here.ask("acme", "POST", "revoke", { kind = "jti", value = "t" .. i }))); end
		assert.equal("400 invalid-request-error: there are already 3 revocations, which is the "
			.. "limit. Revoke by entry and issued_before",
			said(here.ask("acme", "POST", "revoke", { kind = "jti", value = "t4" })));
		assert.equal(200, (here.ask("acme", "POST", "revoke", { kind = "jti", value = "t1", issued_before = now })));
		assert.equal(200, (here.ask("beta", "POST", "revoke", { kind = "jti", value = "t4" })));
	end);
end);

describe("revocations by REST", function ()
	it("are those of the key's own entry, whoever has made them", function ()
		local here = site();
		here.ask("acme", "POST", "revoke", { kind = "user", value = "u" });
		here.ask("beta", "POST", "revoke", { kind = "jti", value = "b" });
		here.now = now + 1;
		here.revoke("entry", "acme", { issued_before = 5 });
		here.revoke("user", "everywhere");
		local function listed(entry)
			local words = {};
			for _, one in ipairs(select(2, here.ask(entry, "GET", "revocations")).data) do
				words[#words + 1] = ("%s %s by %s"):format(one.kind, one.value, one.by);
			end
			return table.concat(words, ", ");
		end
		assert.equal("entry acme by operator, user u by key", listed("acme"));
		assert.equal("jti b by key", listed("beta"));
		assert.equal(2, select(2, here.ask("acme", "GET", "revocations", nil, { limit = "1" })).total_count);
		assert.equal("400 invalid-request-error: starting_after should be the id of a revocation",
			said(here.ask("acme", "GET", "revocations", nil, { starting_after = "x" })));
	end);

	it("are lifted by the key that has made them", function ()
		local here = site();
		local id = select(2, here.ask("acme", "POST", "revoke", { kind = "jti", value = "x" })).id;
		assert.equal(("404 not-found: revocation %s not found"):format(id), said(here.ask("beta", "DELETE", "revocations/" .. id)));
		local status, body, got = here.ask("acme", "DELETE", "revocations/" .. id);
		assert.same({ 200, { deleted = true, id = id }, "revocation lifted" }, { status, body, got.event });
		assert.equal(0, here.set.count);
		assert.equal(404, (here.ask("acme", "DELETE", "revocations/" .. id)));
	end);

	it("stay as they are where they are the operator's", function ()
		local here = site();
		local one = here.revoke("entry", "acme");
		assert.equal("403 forbidden-error: the operator made this revocation, and only the operator can change it",
			said(here.ask("acme", "DELETE", "revocations/" .. one.id)));
		assert.equal("403 forbidden-error: the operator made this revocation, and only the operator can change it",
			said(here.ask("acme", "POST", "revoke", { kind = "entry", issued_before = 5 })));
		assert.is_nil(here.set:get(one.id).issued_before);
	end);

	it("are not guessed at while storage does not answer", function ()
		local here = site();
		local id = select(2, here.ask("acme", "POST", "revoke", { kind = "jti", value = "x" })).id;
		here.works = false;
		assert.equal(500, (here.ask("acme", "POST", "revoke", { kind = "jti", value = "y" })));
		assert.equal(500, (here.ask("acme", "DELETE", "revocations/" .. id)));
		assert.equal(1, here.set.count);
	end);
end);
