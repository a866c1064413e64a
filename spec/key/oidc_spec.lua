-- An OpenID provider: its document says where its keys are; what else it says, and fails to say.

local core = require "meetauth.core";
local hostconfig = require "meetauth.config.host";
local keyoidc = require "meetauth.key.oidc";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";

local ok, set, null = keyworld.ok, keyworld.set, meetauth.null;
local issuer = "https://sso.example/realms/meet";
local at = issuer .. "/.well-known/openid-configuration";
local keys_at = "https://keys.example/certs";

local function document(members)
	local all = { issuer = issuer, jwks_uri = keys_at, authorization_endpoint = issuer .. "/auth" };
	for name, value in pairs(members or {}) do all[name] = value ~= null and value or nil; end
	return core.encode(all);
end

local function world_of(entry, given)
	local fields = { issuer = null, jwks_url = null, oidc_url = issuer };
	for name, value in pairs(entry or {}) do fields[name] = value; end
	return keyworld.new({ fields }, given);
end

-- A world that knows the document and has the keys "a b".
local function started(entry, given)
	local world = world_of(entry, given);
	world.chain:tick();
	world.answer(ok(document()));
	world.pass(1);
	world.answer(ok(set("a", "b")));
	return world;
end

describe("An OpenID provider", function ()
	it("is asked for its document, then for its keys, at whatever host those are", function ()
		local world = started();
		assert.same({ at, keys_at }, { world.requests[1].url, world.requests[2].url });
		assert.equal(2, #world.requests);
		assert.equal("a b", world.kids());
		assert.same({ "e1 changed", "e1 changed" }, world.notes);
	end);

	it("is the issuer of its tokens", function ()
		local world = world_of();
		assert.same({ issuer }, world.entries[1].issuer);
		assert.same({ [issuer] = true }, world.entries[1].asked.issuer);
	end);

	it("has RS256 unless the entry says otherwise", function ()
		assert.same({ "RS256" }, world_of({ algorithms = null }).entries[1].algorithms);
		assert.same({ "ES256" }, world_of().entries[1].algorithms);
	end);

	it("whose name ends in a stroke has its document behind one stroke, and keeps its name", function ()
		local world = world_of({ oidc_url = "https://tenant.example/" });
		world.chain:tick();
		assert.equal("https://tenant.example/.well-known/openid-configuration", world.requests[1].url);
		world.answer(ok(document({ issuer = "https://tenant.example/" })));
		world.pass(1);
		assert.equal(keys_at, world.requests[2].url);
	end);

	it("need not answer after a restart: document and keys are in the store", function ()
		local store = {};
		started({}, { store = store });
		local later = world_of({}, { store = store });
		assert.equal("a b", later.kids());
		later.pass(10);
		assert.equal(0, #later.requests);
	end);

	it("whose keys have moved: what the old address gave counts as withdrawn once the new one has answered", function ()
		local world = started({ refresh_max = 60, key_grace = 30 });
		world.pass(58);
		world.always = function (request)
			if request.url == at then return ok(document({ jwks_uri = "https://keys.example/new" })); end
			return request.url == "https://keys.example/new" and ok(set("b", "c")) or { failure = "timeout" };
		end;
		world.pass(2);
		assert.equal("b c a", world.kids());
		world.pass(30);
		assert.equal("b c", world.kids());
		assert.same({}, select(2, world.chain:status()));
	end);

	it("whose new address never answers has its old keys for as long as any others", function ()
		local world = started({ refresh_max = 60, max_stale = 600 });
		world.always = function (request)
			return request.url == at and ok(document({ jwks_uri = "https://keys.example/new" })) or { failure = "timeout" };
		end;
		world.pass(600);
		assert.equal("a b", world.kids());
		world.pass(60);
		assert.equal("", world.kids());
	end);
end);

describe("What is the matter with an OpenID provider's keys", function ()
	it("is told with the age of the keys, where its document fails alone", function ()
		local world = started({ refresh_max = 60 });
		world.pass(58);
		world.always = function (request) return request.url == at and { failure = "timeout" } or ok(set("a", "b")); end;
		world.pass(3);
		assert.matches("^keys of the entry e1 were last fetched [0-3] s ago: its source does not answer",
			world.chain:trouble(world.entries[1]));
	end);

	it("raises nothing where all sources are looked at and the keys have moved at once", function ()
		local world = started();
		world.always = function (request)
			return request.url == at and ok(document({ jwks_uri = "https://keys.example/new" })) or ok(set("c"));
		end;
		world.chain:refresh();
		world.pass(1);
		assert.equal("c a b", world.kids());
	end);
end);

describe("A login with an unknown kid of an OpenID provider", function ()
	it("asks for the keys alone where they answer", function ()
		local world = started();
		local told = world.want("new");
		assert.equal(keys_at, world.requests[3].url);
		world.answer(ok(set("a", "b", "new")));
		assert.same({ "again" }, told);
		assert.equal(3, #world.requests);
	end);

	it("asks for the document, then for the keys, where nothing is known so far", function ()
		local world = world_of();
		world.chain:tick();
		world.answer({ failure = "connection refused" });
		local told = world.want("a");
		world.answer(ok(document()));
		assert.same({}, told);
		assert.equal(keys_at, world.requests[3].url);
		world.answer(ok(set("a")));
		assert.same({ "again" }, told);
	end);

	it("asks for the document again where the keys fail", function ()
		local world = started();
		world.chain:refresh();
		for _, request in ipairs({ world.requests[3], world.requests[4] }) do
			request.done(request.url == at and ok(document()) or { code = 404, headers = {} });
		end
		world.always = function (request)
			return request.url == at and ok(document({ jwks_uri = "https://keys.example/new" })) or ok(set("new"));
		end;
		assert.same({ "again" }, world.want("new"));
	end);

	it("is keys-unavailable where the document cannot be had", function ()
		local world = world_of();
		world.always = function () return { failure = "timeout" }; end;
		world.chain:tick();
		assert.same({ "keys-unavailable" }, world.want("a"));
	end);
end);

describe("A discovery document", function ()
	local other = "https://sso.example/realms/other";
	local cases = {
		{ "that is none", "<html>", "bad-json" };
		{ "with a member twice", '{"issuer":"a","issuer":"b"}', "duplicate-member" };
		{ "that is a list", "[]", "not a discovery document" };
		{ "that is null", "null", "not a discovery document" };
		{ "that is an error", '{"error":"Realm does not exist"}', "not a discovery document" };
		{ "without keys", document({ jwks_uri = null }), "not a discovery document" };
		{ "without an issuer", document({ issuer = null }), "not a discovery document" };
		{ "of numbers", '{"issuer":1,"jwks_uri":2}', "not a discovery document" };
		{ "of another issuer", document({ issuer = other }),
			("issuer-mismatch: the provider's issuer is %q, but oidc_url is %q"):format(other, issuer) };
		{ "of an issuer that differs by a stroke", document({ issuer = issuer .. "/" }), "issuer-mismatch" };
		{ "of an issuer that differs by a letter's size", document({ issuer = (issuer:gsub("sso", "SSO")) }), "issuer-mismatch" };
		{ "with keys at plain http", document({ jwks_uri = "http://keys.example/certs" }), "jwks_uri elsewhere" };
		{ "with keys on this machine", document({ jwks_uri = "http://127.0.0.1/certs" }), "jwks_uri elsewhere" };
		{ "with keys in a file", document({ jwks_uri = "file:///etc/passwd" }), "jwks_uri elsewhere" };
		{ "with keys behind a user name", document({ jwks_uri = "https://ada@keys.example/" }), "jwks_uri elsewhere" };
		{ "with a path for its keys", document({ jwks_uri = "/certs" }), "jwks_uri elsewhere" };
	};
	for _, case in ipairs(cases) do
		it(("%s gives no address: %s"):format(case[1], case[3]), function ()
			local found, reason = keyoidc.jwks_uri(case[2], issuer, false);
			assert.is_nil(found);
			assert.equal(case[3], reason:sub(1, #case[3]));
			local world = world_of();
			world.always = function () return ok(case[2]); end;
			world.chain:tick();
			world.pass(5);
			assert.equal(1, #world.requests);
			assert.equal("e1 failed " .. reason, world.last_note());
		end);
	end

	it("may begin with a byte order mark", function ()
		assert.equal(keys_at, keyoidc.jwks_uri("\u{feff}" .. document(), issuer));
	end);

	it("of another name is told with nothing but letters that can be read, and not too many", function ()
		local _, reason = keyoidc.jwks_uri(document({ issuer = "a\27[31m\n" .. ("x"):rep(1000) }), issuer);
		assert.is_nil(reason:find("[%c]"));
		assert.is_true(#reason < 300);
	end);

	it("of a provider on this machine may lead to this machine, and with insecure_url to plain http", function ()
		local here = "http://127.0.0.1:8080/realms/meet";
		local function lead(to, insecure)
			return keyoidc.jwks_uri(core.encode({ issuer = here, jwks_uri = to }), here, insecure) ~= nil;
		end
		assert.is_true(lead("http://127.0.0.1:9090/certs"));
		assert.is_true(lead("https://keys.example/certs"));
		assert.is_false(lead("http://keys.example/certs"));
		assert.is_true(lead("http://keys.example/certs", true));
	end);
end);

describe("oidc_url", function ()
	local function problem(entry)
		local _, problems = hostconfig.read(function (name) return name == "meetauth_issuers" and { entry } or nil; end);
		return problems and table.concat(problems, "\n");
	end

	for _, case in ipairs({
		{ "beside another issuer", { oidc_url = issuer, issuer = "portal" },
			'meetauth_issuers[1].issuer: found "portal" together with oidc_url, expected only oidc_url, which is also the issuer' };
		{ "with a query", { oidc_url = issuer .. "?realm=1" },
			'meetauth_issuers[1].oidc_url[1]: found "https://sso.example/realms/meet?...", expected '
				.. "the issuer's address without a query (OpenID Connect Discovery 1.0, 3)" };
		{ "that is a list", { oidc_url = { issuer } },
			"meetauth_issuers[1].oidc_url: found a table of 1 items, expected the issuer's address" };
		{ "over plain http", { oidc_url = "http://sso.example" },
			'meetauth_issuers[1].oidc_url[1]: found "http://sso.example", expected an https address without user name '
				.. "and # (http only with insecure_url = true or on this machine)" };
		{ "of a Daily entry", { dialect = "daily", domain_id = "acme", oidc_url = issuer },
			"meetauth_issuers[1].oidc_url: found this field in a daily entry, expected this field only in jitsi entries" };
	}) do
		it(case[1] .. " is refused", function () assert.equal(case[3], (problem(case[2]) or ""):sub(1, #case[3])); end);
	end

	it("beside an issuer that is the same is one entry as any", function ()
		assert.is_nil(problem({ oidc_url = issuer, issuer = issuer }));
	end);
end);
