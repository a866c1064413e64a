--- meetauth check --migrate: the entry that it writes admits and refuses the same tokens as Jitsi's options before.

local command = require "spec.support.command";
local keyheld = require "meetauth.key.held";
local hostconfig = require "meetauth.config.host";
local keyfiles = require "meetauth.key.files";
local meetauth = require "meetauth";
local new_grant = require "meetauth.access.grant".of;
local verifier = require "meetauth.token.verifier";
local secret_of = require "spec.support.secret";

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");
local sources = root .. "/build/prosody-0.12";

local now = 1790000000;
local secret, short = secret_of("portal-secret", 42), "eighteen-bytes-ok!";
local rsa, other_rsa = assert(meetauth.keygen({ alg = "RS256" })), assert(meetauth.keygen({ alg = "RS256" }));
local es = assert(meetauth.keygen({ alg = "ES256" }));

local function hs(bytes, alg) return assert(meetauth.key({ alg = alg or "HS256", secret = bytes, weak = true })); end

-- Options of Jitsi's, and the key that signs for them.
local installations = {
	{ name = "an id and a secret", key = hs(secret), old = { app_id = "portal", app_secret = secret } },
	{ name = "a short secret", key = hs(short), old = { app_id = "portal", app_secret = short } },
	{ name = "a secret of quotes and bytes", key = hs('q"\\]]\0\255' .. secret),
		old = { app_id = 'a "quoted" \\ id', app_secret = 'q"\\]]\0\255' .. secret } },
	{ name = "another algorithm", key = hs(secret_of("portal-secret", 84), "HS512"),
		old = { app_id = "portal", app_secret = secret_of("portal-secret", 84), signature_algorithm = "HS512" } },
	{ name = "issuers and audiences", key = hs(secret), old = { app_id = "portal", app_secret = secret,
		asap_accepted_issuers = { "portal", "old-portal" }, asap_accepted_audiences = { "jitsi", "other" } } },
	{ name = "any issuer and audience", key = hs(secret), old = { app_id = "portal", app_secret = secret,
		asap_accepted_issuers = { "*" }, asap_accepted_audiences = { "*" } } },
	{ name = "a room that need not be named", key = hs(secret),
		old = { app_id = "portal", app_secret = secret, asap_require_room_claim = false } },
	{ name = "domains that are not compared", key = hs(secret),
		old = { app_id = "portal", app_secret = secret, enable_domain_verification = false } },
	{ name = "a public key", key = rsa, old = { app_id = "portal", app_secret = rsa:pem(), signature_algorithm = "RS256" } },
	{ name = "a public key of another kind", key = es,
		old = { app_id = "portal", app_secret = es:pem(), signature_algorithm = "ES256" } },
};

local function with(changes)
	local claims = { iss = "portal", aud = "jitsi", sub = "meet.example", room = "standup", exp = now + 600 };
	for name, value in pairs(changes) do claims[name] = value; end
	for name, value in pairs(claims) do
		if value == false then claims[name] = nil; end
	end
	return claims;
end

local payloads = {
	with {}, with { iss = "old-portal" }, with { iss = "nobody" }, with { iss = false }, with { iss = 'a "quoted" \\ id' },
	with { aud = "other" }, with { aud = "third" }, with { aud = false }, with { sub = "other.example" }, with { sub = "*" },
	with { sub = false }, with { sub = "beta" }, with { room = "*" }, with { room = "retro" }, with { room = false },
	with { exp = now - 5 }, with { exp = now - 60 }, with { exp = false }, with { nbf = now + 600 },
	with { context = { user = { moderator = true, id = "ann" } } }, with { d = "acme", r = "standup" },
};
local nodes = { "standup", "retro", "[beta]standup" };
local strangers = { hs("another-secret-of-its-own-that-specs-"), hs(secret), hs(short), rsa, other_rsa, es };

-- A configuration as a text of Lua: the options of each host.
local function sections_of(text)
	local sections, at = {}, nil;
	local function section(name)
		at = {};
		sections[name] = at;
		return function () end; -- a component's kind
	end
	local env = setmetatable({ VirtualHost = section, Component = section },
		{ __newindex = function (_, name, value) at[name] = value; end });
	assert(load(text, "=printed", "t", env))();
	return sections;
end

-- Each line as deep as the hosts and braces that it stands in.
local function assert_indented(text)
	local depth = 0;
	for line in text:gsub("%[(=*)%[.-%]%1%]", "text"):gmatch("[^\n]+") do
		local opens = line:find("^VirtualHost") or line:find("^Component");
		local code = line:gsub("%-%-.*", "");
		if code:find("^%s*}") then depth = depth - 1; end
		assert.equal(opens and 0 or depth, #line:match("^\t*"), line);
		if opens then depth = 1; end
		if code:find("{%s*$") then depth = depth + 1; end
	end
end

-- What comes of each token: its reason, or what its bearer is in which room.
local function outcomes(read, tokens, documents)
	local verify = verifier.of_entries(read.entries, read.meetauth_max_token, keyheld.of(read.entries, documents));
	local place = { base = "meet.example", nfkc = function (s) return s; end, fold = string.lower };
	local list = {};
	for i, token in ipairs(tokens) do
		for _, node in ipairs(nodes) do
			local claims, reason, entry = verify(token, now);
			local grant, decision;
			if claims then grant, reason = new_grant(claims, entry); end
			if grant then decision, reason = meetauth.policy.enter(grant, { node = node }, place, now); end
			list[#list + 1] = ("%d %s %s %s"):format(i, node, entry and entry.id or "-", decision and decision.affiliation or reason);
		end
	end
	return list;
end

local function tokens_of(key)
	local tokens = {};
	for _, claims in ipairs(payloads) do
		tokens[#tokens + 1] = assert(meetauth.sign(key, claims));
		for _, stranger in ipairs(strangers) do tokens[#tokens + 1] = assert(meetauth.sign(stranger, claims)); end
	end
	return tokens;
end

local function written(options)
	local lines = {};
	for name, value in pairs(options) do
		if type(value) == "table" then
			lines[#lines + 1] = ("%s = { %q, %q }"):format(name, value[1], value[2] or value[1]);
		else
			lines[#lines + 1] = ("%s = %s"):format(name, type(value) == "string" and ("%q"):format(value) or tostring(value));
		end
	end
	return table.concat(lines, "\n");
end

-- What the command writes for such a host.
local function migrated(options, more, args)
	local path = command.write(command.folder() .. "/prosody.cfg.lua", 'VirtualHost "meet.example"\nauthentication = "token"\n'
		.. written(options) .. "\n" .. (more or 'Component "conference.meet.example" "muc"'));
	return command.run({ "check", "--migrate", "--config", path, "--prosody", sources, table.unpack(args or {}) });
end

local function specs()
	teardown(command.clean);

	for _, installation in ipairs(installations) do
		it("keeps the verdict on every token with " .. installation.name, function ()
			local ran = migrated(installation.old);
			assert.equal(0, ran.status, ran.err);
			assert_indented(ran.out);
			local host = sections_of(ran.out)["meet.example"];
			assert.equal("meetauth", host.authentication);
			local before = assert(hostconfig.read(function (name) return installation.old[name]; end));
			local after = assert(hostconfig.read(function (name) return host[name]; end));
			local documents = assert(keyfiles.load(after.entries, function () return installation.old.app_secret; end));
			local tokens = tokens_of(installation.key);
			local verdicts = outcomes(before, tokens);
			assert.same(verdicts, outcomes(after, tokens, documents));
			assert.truthy(table.concat(verdicts, "\n"):find("member", 1, true)); -- some get in
			assert.truthy(table.concat(verdicts, "\n"):find("-mismatch", 1, true)); -- and some do not
			if not installation.old.app_secret:find("PUBLIC KEY", 1, true) then
				assert.is_nil((ran.out .. ran.err):find(installation.old.app_secret:sub(-12), 1, true), "the secret is shown");
			end
		end);
	end

	it("keeps where keys are fetched from", function ()
		local old = { app_id = "portal", asap_key_server = "https://keys.example/asap", cache_keys_url = "https://keys.example/jwks",
			asap_accepted_issuers = { "sso" }, asap_require_room_claim = false };
		local host = sections_of(migrated(old).out)["meet.example"];
		local before = assert(hostconfig.read(function (name) return old[name]; end)).entries[1];
		local after = assert(hostconfig.read(function (name) return host[name]; end)).entries[1];
		local function places(entry)
			local list = {};
			for i, source in ipairs(entry.sources) do list[i] = source.kind .. " " .. source.at; end
			return list;
		end
		assert.same(places(before), places(after));
		assert.equal(2, #after.sources);
		for _, field in ipairs({ "id", "algorithms", "asked", "room", "domain_verification", "refresh_min", "refresh_max", "max_stale",
			"key_grace", "lobby", "typ", "insecure_url" }) do
			assert.same(before[field], after[field], field);
		end
	end);

	it("names what goes, what stays, and the rooms' half", function ()
		local out = migrated({ app_id = "portal", app_secret = secret, allow_empty_token = true }, [[
Component "conference.meet.example" "muc"
	modules_enabled = { "token_verification" }
	token_verification_allowlist = { "recorder.meet.example" }
]]).out;
		local sections = sections_of(out);
		assert_indented(out);
		assert.is_true(sections["meet.example"].allow_empty_token);
		assert.same({ "recorder.meet.example" }, sections["conference.meet.example"].meetauth_exempt);
		assert.is_false(sections["conference.meet.example"].muc_room_locking);
		assert.truthy(out:find("this replaces app_id, app_secret. Delete them", 1, true));
		assert.truthy(out:find('write "muc_meetauth" instead of "token_verification"', 1, true));
	end);

	it("writes what the command and the server then read", function ()
		local ran = migrated({ app_id = "portal", app_secret = secret });
		local folder = command.folder();
		local path = command.write(folder .. "/new.cfg.lua", ran.out);
		command.write(folder .. "/meetauth-meet.example.secret", secret);
		local token = meetauth.sign(hs(secret), { iss = "portal", sub = "meet.example", room = "standup" });
		local args = { "verify", "--config", path, "--prosody", sources, "--host", "meet.example", "--room", "standup" };
		assert.equal(0, command.run(args, token).status);
		assert.equal(1, command.run(args, meetauth.sign(hs(short), { iss = "portal", sub = "meet.example", room = "standup" })).status);
	end);

	local two = [[
Component "conference.meet.example" "muc"
VirtualHost "other.example"
	authentication = "token"
	app_id = "other"
	app_secret = "short"
Component "conference.other.example" "muc"
]];

	it("writes the others where the options of one host are wrong, and names that one", function ()
		local ran = migrated({ app_id = "portal", app_secret = secret }, two);
		assert.equal(1, ran.status);
		assert.truthy(ran.err:find("^meetauth: other.example: app_secret: found a string of 5 bytes"));
		local sections = sections_of(ran.out);
		assert.equal("meetauth", sections["meet.example"].authentication);
		assert.is_nil(sections["other.example"]);
	end);

	it("leaves alone what is not enabled", function ()
		local ran = migrated({ app_id = "portal", app_secret = secret }, (two:gsub('"short"', "%0\n\tenabled = false")));
		assert.equal(0, ran.status);
		assert.equal("", ran.err);
		assert.is_nil(ran.out:find("other.example", 1, true));
	end);

	it("leaves alone a host without rooms, unless it is asked for", function ()
		local more = [[
Component "conference.meet.example" "muc"
VirtualHost "jigasi.meet.jitsi"
	authentication = "token"
	app_id = "jitsi"
	asap_key_server = "https://keys.example/asap"
]];
		local ran = migrated({ app_id = "portal", app_secret = secret }, more);
		assert.equal(0, ran.status);
		assert.truthy(ran.err:find("jigasi.meet.jitsi: not changed, because it has no rooms", 1, true));
		assert.is_nil(ran.out:find("jigasi", 1, true));
		ran = migrated({ app_id = "portal", app_secret = secret }, more, { "--host", "jigasi.meet.jitsi" });
		assert.equal("meetauth", sections_of(ran.out)["jigasi.meet.jitsi"].authentication);
	end);

	it("has a host for guests move along, and named by the one whose rooms they enter", function ()
		local sections = sections_of(migrated({ app_id = "portal", app_secret = secret }, ([[
	meetauth_foreign_hosts = { "other.example" }
Component "conference.meet.example" "muc"
VirtualHost "guest.meet.example"
	authentication = "token"
	app_id = "portal"
	app_secret = %q
	allow_empty_token = true
]]):format(secret)).out);
		assert.equal("meetauth", sections["guest.meet.example"].authentication);
		assert.is_true(sections["guest.meet.example"].allow_empty_token);
		assert.same({ "other.example", "guest.meet.example" }, sections["meet.example"].meetauth_foreign_hosts);
		assert.is_nil(sections["guest.meet.example"].meetauth_foreign_hosts);
	end);

	it("writes nothing where there is nothing to write", function ()
		local ran = migrated({});
		assert.equal(2, ran.status);
		assert.equal("", ran.out);
		ran = migrated({ app_id = "portal", app_secret = "short" });
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("app_secret: found a string of 5 bytes", 1, true));
		assert.equal("", ran.out);
	end);
end

local there = command.read(sources .. "/usr/lib/prosody/core/configmanager.lua") ~= nil;
describe("check --migrate #command", there and specs or function ()
	pending("is run where Prosody 0.12 is unpacked in build/");
end);
