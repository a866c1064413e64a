local secret_of = require "spec.support.secret";
local keyheld = require "meetauth.key.held";
local answer = require "meetauth.rest.api".answer;
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local json = require "meetauth.util.json";
local meetauth = require "meetauth";

local now = 1700000000;
local api_key, beta_key = ("a"):rep(32), ("b"):rep(32);
local secret = secret_of("1");

local options = {
	meetauth_leeway = 0;
	meetauth_issuers = {
		{ id = "acme", dialect = "daily", domain_id = "acme-id", secret = secret };
		{ id = "beta", dialect = "daily", domain_id = "beta-id", secret = secret_of("2"), room = "tenant", require = {},
			claim_names = "either" };
	};
	meetauth_http_keys = { acme = api_key, beta = beta_key };
};
local host = assert(hostconfig.read(function (name) return options[name]; end));

-- ask { method, path, body = table or text, ... } -> status, body, the whole answer
local function ask(request, may)
	local text = type(request.body) == "table" and json.encode(request.body) or request.body;
	local got = answer({
		method = request.method or "GET", path = request.path or "", query = request.query or {},
		authorization = request.authorization or "Bearer " .. (request.key or api_key),
		content_type = request.content_type or "application/json", content_encoding = request.content_encoding,
		transfer_encoding = request.transfer_encoding, body = text == nil and "" or text,
	}, {
		owners = host.api_keys, keys = keyheld.of(host.entries), max_token = host.meetauth_max_token, now = request.now or now,
		may = may or function () return true; end, refused = function () return nil; end,
	});
	return got.status, got.body, got;
end

local function mint(asked, key, at)
	return ask { method = "POST", path = "meeting-tokens", body = { properties = asked }, key = key, now = at };
end

local function validate(token, key, more)
	local request = { path = "meeting-tokens/" .. token, key = key };
	for name, value in pairs(more or {}) do request[name] = value; end
	return ask(request);
end

describe("Daily's REST interface", function ()
	it("asks everybody for an API key first, whatever they want", function ()
		for _, path in ipairs({ "", "meeting-tokens", "meeting-tokens/x", "rooms" }) do
			for _, authorization in ipairs({ "", "Bearer", "Bearer ", api_key, "Basic " .. api_key, "Bearer a b", "Bearer \0" }) do
				local status, body = ask { path = path, authorization = authorization };
				assert.equal(400, status);
				assert.same({ error = "authorization-header-error", info = "invalid authorization header" }, body);
			end
			local status, body = ask { path = path, key = "x" };
			assert.equal(401, status);
			assert.same({ error = "authentication-error", info = "the API key is unknown" }, body);
		end
	end);

	it("tells the domain of the key", function ()
		local status, body = ask {};
		assert.equal(200, status);
		assert.same({ domain_name = "acme", domain_id = "acme-id", config = {} }, body);
		assert.equal("beta-id", select(2, ask { key = beta_key }).domain_id);
	end);

	it("mints what is asked, and signs it with the entry's key", function ()
		local status, body, all = mint { room_name = "standup", exp = now + 60, enable_prejoin_ui = true };
		assert.equal(200, status);
		assert.same({ "enable_prejoin_ui" }, all.dropped);
		assert.equal("minted", all.event);
		local verify = meetauth.verifier { keys = { meetauth.key { alg = "HS256", secret = secret } }, algorithms = { "HS256" } };
		assert.same({ d = "acme-id", r = "standup", iat = now, exp = now + 60 }, verify(body.token, now));
	end);

	it("parses no key to mint or to validate", function ()
		local loaded = core.key.new;
		core.key.new = function () error("a key was parsed"); end
		local ok, status, body = pcall(mint, { room_name = "standup", exp = now + 60 });
		local fine, valid = pcall(validate, body and body.token or "");
		core.key.new = loaded;
		assert.same({ true, 200, true, 200 }, { ok, status, fine, valid });
	end);

	it("does not mint what the entry would refuse", function ()
		for _, case in ipairs({
			{ { exp = now + 60 }, "missing required field: room_name" };
			{ { room_name = "standup" }, "missing required field: exp" };
			{ { room_name = "standup", exp = now + 60, nbf = now + 60 }, "the token would be refused: expired" };
			{ { room_name = "standup", exp = now + 60, permissions = { hasPresence = false } },
				"the token would be refused: not-enforceable" };
			{ { room_name = "standup", exp = now + 60, user_name = ("a"):rep(13000) }, "the token would be refused: too-large" };
		}) do
			local status, body = mint(case[1]);
			assert.equal(400, status);
			assert.same({ error = "invalid-request-error", info = case[2] }, body);
		end
	end);

	it("mints a token for all rooms only where the entry has them, and never without properties", function ()
		local status, body = mint({}, beta_key);
		assert.equal(200, status);
		assert.is_nil(select(2, meetauth.peek(body.token)).r);
		for _, key in ipairs({ api_key, beta_key }) do
			for _, wrong in ipairs({ {}, { room_name = "standup", exp = now + 60 }, { properties = { properties = {} } } }) do
				assert.equal(400, (ask { method = "POST", path = "meeting-tokens", body = wrong, key = key }));
			end
		end
	end);

	it("takes JSON, as it is and of a bounded size", function ()
		local good = json.encode({ properties = { room_name = "standup", exp = now + 60 } });
		local function post(more)
			local request = { method = "POST", path = "meeting-tokens", body = good };
			for name, value in pairs(more) do request[name] = value; end
			local status, body = ask(request);
			return status, body.error, body.info;
		end
		assert.equal(200, (post {}));
		for _, content_type in ipairs({ "application/json;charset=utf-8", " APPLICATION/JSON ; x" }) do
			assert.equal(200, (post { content_type = content_type }));
		end
		for _, content_type in ipairs({ "", "text/plain", "application/json5", "json", ";application/json" }) do
			local status, word = post { content_type = content_type };
			assert.same({ 415, "invalid-request-error" }, { status, word });
		end
		assert.equal(415, (post { content_encoding = "gzip" }));
		assert.equal(411, (post { transfer_encoding = "chunked" }));
		assert.equal(413, (post { body = false }));
		assert.equal(200, (post { body = good .. (" "):rep(16384 - #good) }));
		assert.equal(413, (post { body = good .. (" "):rep(16385 - #good) }));
		assert.same({ 400, "json-parsing-error", "bad-json" }, { post { body = good .. "x" } });
		assert.same({ 400, "json-parsing-error", "duplicate-member" }, { post { body = '{"properties":{},"properties":{}}' } });
		assert.same({ 400, "invalid-request-error", "the body should be an object" }, { post { body = "null" } });
	end);

	it("validates until the token is over, and before its nbf where that is ignored", function ()
		local _, body = mint { room_name = "standup", exp = now + 60, nbf = now + 30 };
		local ignore = { query = { ignoreNbf = "true" } };
		local function info_at(at, more)
			return select(2, validate(body.token, api_key, { now = at, query = more and more.query })).info;
		end
		assert.equal("not-yet-valid", info_at(now));
		assert.is_nil(info_at(now, ignore));
		assert.is_nil(info_at(now + 30));
		assert.is_nil(info_at(now + 59));
		assert.equal("expired", info_at(now + 60));
		assert.equal("expired", info_at(now + 60, ignore));
		for _, word in ipairs({ "false", "1", "TRUE", "" }) do
			assert.equal("not-yet-valid", info_at(now, { query = { ignoreNbf = word } }));
		end
	end);

	it("knows the tokens of the key's own domain only, and tries no key of another", function ()
		local _, ours = mint { room_name = "standup", exp = now + 60 };
		local _, theirs = mint({ room_name = "standup", exp = now + 60 }, beta_key);
		assert.equal(200, (validate(ours.token)));
		assert.equal(200, (validate(theirs.token, beta_key)));
		for _, case in ipairs({ { theirs.token, api_key }, { ours.token, beta_key } }) do
			local status, body = validate(case[1], case[2]);
			assert.equal(400, status);
			assert.same({ error = "invalid-request-error", info = "unknown-issuer" }, body);
		end
		local late = select(2, mint({ room_name = "standup", exp = now + 1 }, beta_key)).token;
		assert.equal("unknown-issuer", select(2, validate(late, api_key, { now = now + 60 })).info); -- not: expired
	end);

	it("reads long claims where the entry does", function ()
		local key = meetauth.key { alg = "HS256", secret = secret_of("2") };
		local token = meetauth.sign(key, { domain_id = "beta-id", room_name = "standup", is_owner = true });
		assert.same({ room_name = "standup", is_owner = true }, select(2, validate(token, beta_key)));
		token = meetauth.sign(key, { d = "beta-id", r = "standup", room_name = "retro" });
		assert.same({ error = "invalid-request-error", info = "ambiguous-claims" }, select(2, validate(token, beta_key)));
	end);

	it("finds no token valid that the entry would not let in", function ()
		local key = meetauth.key { alg = "HS256", secret = secret };
		local claims = { d = "acme-id", r = "standup", iat = now, exp = now + 60, p = { hp = false } };
		local status, body = validate(meetauth.sign(key, claims));
		assert.equal(400, status);
		assert.same({ error = "invalid-request-error", info = "not-enforceable" }, body);
	end);

	it("has a few addresses and methods, and says which", function ()
		for _, case in ipairs({
			{ "POST", "", 405, "GET, HEAD" }, { "GET", "meeting-tokens", 405, "POST" }, { "HEAD", "meeting-tokens", 405, "POST" },
			{ "DELETE", "meeting-tokens/x", 405, "GET, HEAD" }, { "OPTIONS", "meeting-tokens", 405, "POST" },
			{ "GET", "meeting-tokens/", 404 }, { "GET", "meeting-tokens/a/b", 404 }, { "GET", "rooms/", 404 }, { "GET", "rooms/a/b", 404 },
			{ "PUT", "rooms", 405, "GET, HEAD, POST" }, { "PATCH", "rooms/a", 405, "GET, HEAD, POST, DELETE" },
			{ "GET", "/", 404 }, { "GET", "meeting_tokens", 404 },
		}) do
			local status, body, all = ask { method = case[1], path = case[2] };
			assert.equal(case[3], status);
			assert.equal(case[4], all.allow);
			assert.equal(status == 405 and "invalid-request-error" or "not-found", body.error);
		end
	end);

	it("counts requests by key, and those of strangers apart", function ()
		local asked = {};
		local function full(entry)
			asked[#asked + 1] = entry and entry.id or "stranger";
			return false;
		end
		for _, key in ipairs({ api_key, beta_key, "x" }) do
			local status, body = ask({ key = key }, full);
			assert.equal(429, status);
			assert.same({ error = "rate-limit-error", info = "more than 20 requests came in one second" }, body);
		end
		assert.same({ "acme", "beta", "stranger" }, asked);
	end);
end);
