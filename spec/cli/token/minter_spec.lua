-- In whose name a token is made, in which dialect, with which key, and how it is handed over.

local secret_of = require "spec.support.secret";
local command = require "spec.support.command";
local keyheld = require "meetauth.key.held";
local hostconfig = require "meetauth.config.host";
local ended = require "spec.support.ended";
local meetauth = require "meetauth";
local minter = require "meetauth.cli.token.minter";

local must, run = command.must, command.run;
local secret = secret_of("s");
local folder, secret_file;
local server = { host = "meet.example" };
local entries = {};

local function sign(args)
	return must({ "sign", "--secret-file", secret_file, table.unpack(args) }):match("^(.*)\n$");
end

setup(function ()
	folder = command.folder();
	secret_file = command.write(folder .. "/secret", secret);
	local options = { meetauth_issuers = {
		{ id = "portal", issuer = { "portal", "old" }, audience = { "jitsi", "api" }, secret = secret };
		{ id = "north", issuer = "north", tenant = "north", secret = secret_of("n") };
		{ id = "acme", dialect = "daily", domain_id = "acme-id", secret = secret_of("d") };
		{ id = "public", issuer = "public", algorithms = "ES256", public_key = meetauth.keygen({ alg = "ES256" }):pem() };
	} };
	local host = assert(hostconfig.read(function (name) return options[name]; end));
	server.keys = keyheld.of(host.entries);
	for _, entry in ipairs(host.entries) do entries[entry.id] = entry; end
end);
teardown(command.clean);

describe("a minter", function ()
	-- { what it is, arguments, entry, the intent, its claims but for the rest of them }
	local cases = {
		{ "is Jitsi's unless it is told otherwise", { iss = "p", aud = "a" }, nil, { room = "x" },
			{ iss = "p", aud = "a", room = "x" } };
		{ "names the domain whose rooms it opens", { iss = "p", sub = "meet.example" }, nil, {}, { iss = "p", sub = "meet.example" } };
		{ "names a tenant before the domain", { iss = "p", sub = "meet.example" }, nil, { scope = "acme" }, { sub = "acme" } };
		{ "has the entry's own issuer and audience, and the host for a domain", {}, "portal", { room = "x" },
			{ iss = "portal", aud = "api", sub = "meet.example", room = "x" } };
		{ "says what it is told in place of the entry's", { iss = "old", aud = "jitsi", sub = "*" }, "portal", {},
			{ iss = "old", aud = "jitsi", sub = "*" } };
		{ "has the entry's tenant for a domain", {}, "north", {}, { iss = "north", sub = "north" } };
		{ "is Daily's by the entry", {}, "acme", { room = "x" }, { d = "acme-id", r = "x" } };
		{ "is Daily's by a domain's id", { dialect = "daily", domain_id = "d" }, nil, { room = "x" }, { d = "d", r = "x" } };
		{ "is JaaS's by an application's id", { dialect = "jaas", app_id = "vpaas-1", kid = "k" }, nil, { room = "x" },
			{ iss = "chat", aud = "jitsi", sub = "vpaas-1", room = "x" } };
	};
	for _, case in ipairs(cases) do
		it(case[1], function ()
			local entry = case[3] and entries[case[3]];
			local claims = assert(minter.of(case[2], entry and server, entry):claims(case[4]));
			for name, value in pairs(case[5]) do assert.equal(value, claims[name], name); end
		end);
	end

	local missing = {
		{ "the issuer", {}, "expected the issuer (--iss)" };
		{ "the domain's id", { dialect = "daily" }, "Daily needs the domain's id (--domain-id)" };
		{ "the application's id", { dialect = "jaas", kid = "k" }, "JaaS needs the application's id (--app-id)" };
	};
	for _, case in ipairs(missing) do
		it("says that there is to be " .. case[1], function ()
			assert.same({ nil, case[3] }, { minter.of(case[2]):claims({ room = "x" }) });
		end);
	end

	it("makes no token of a dialect that the entry is not of", function ()
		assert.same({ 2, "daily: the entry portal has the dialect jitsi" },
			{ ended(minter.of, { dialect = "daily" }, server, entries.portal) });
		assert.same({ 2, "jitsi: the entry acme has the dialect daily" },
			{ ended(minter.of, { dialect = "jitsi" }, server, entries.acme) });
	end);

	it("signs with the file that it is given, else with the entry's key", function ()
		local given = minter.of({ secret_file = secret_file, iss = "p" });
		local own = minter.of({}, server, entries.portal);
		for _, mint in ipairs({ given, own }) do
			assert.same({ { alg = "HS256", typ = "JWT" }, { iss = "p" } }, { meetauth.peek(assert(mint:sign({ iss = "p" }))) });
		end
		assert.is_nil(minter.of({ iss = "p" }).key); -- claims only
		assert.same({ 2, "the entry public has no key that can sign. Give the private key (--key-file)" },
			{ ended(minter.of, {}, server, entries.public) });
	end);

	it("names the key in the header where the key does not", function ()
		local mint = minter.of({ secret_file = secret_file, kid = "k1", iss = "p" });
		assert.equal("k1", meetauth.peek(mint:sign({})).kid);
		assert.same({ 2, "JaaS needs the key's id (--kid)" },
			{ ended(minter.of, { dialect = "jaas", app_id = "a", secret_file = secret_file }) });
	end);

	-- { arguments, entry, claims, a room's tenant, where the link leads }
	local links = {
		{ { iss = "p" }, nil, { room = "x" }, nil, "https://m.example/x?jwt=TOKEN" };
		{ { iss = "p" }, nil, { room = "Stand Up/ü" }, nil, "https://m.example/Stand%20Up%2F%C3%BC?jwt=TOKEN" };
		{ { iss = "p" }, nil, { room = "x" }, "acme", "https://m.example/acme/x?jwt=TOKEN" };
		{ {}, "north", { room = "x" }, nil, "https://m.example/north/x?jwt=TOKEN" };
		{ {}, "acme", { r = "x" }, nil, "https://m.example/x?jwt=TOKEN" };
		{ { dialect = "daily", domain_id = "d" }, nil, { r = "x" }, nil, "https://m.example/x?t=TOKEN" };
		{ { dialect = "jaas", app_id = "vpaas-1", kid = "k" }, nil, { room = "x" }, nil, "https://m.example/vpaas-1/x?jwt=TOKEN" };
		{ { iss = "p" }, nil, { room = "*" } }; { { iss = "p" }, nil, {} }; { { iss = "p" }, nil, { room = 7 } };
	};
	for i, case in ipairs(links) do
		it(("writes %s (%d)"):format(case[5] or "no link to every room", i), function ()
			local entry = case[2] and entries[case[2]];
			local link, problem = minter.of(case[1], entry and server, entry):link("https://m.example//", "TOKEN", case[3], case[4]);
			assert.equal(case[5], link);
			assert.equal(not case[5] and "a link needs one room" or nil, problem);
		end);
	end
end);

describe("meetauth sign #command", function ()
	it("speaks as JaaS does, with the key's id in the header", function ()
		must({ "keygen", "--alg", "RS256", "--kid", "vpaas-1/4f4910", "--out-private", folder .. "/jaas.pem",
			"--out-jwk", folder .. "/jaas.jwk" });
		local token = must({ "sign", "--dialect", "jaas", "--app-id", "vpaas-1", "--kid", "4f4910", "--key-file", folder .. "/jaas.pem",
			"--room", "standup", "--url", "https://8x8.vc" }):match("^https://8x8%.vc/vpaas%-1/standup%?jwt=(%S+)\n$");
		local header, claims = meetauth.peek(token);
		assert.same({ alg = "RS256", typ = "JWT", kid = "vpaas-1/4f4910" }, header);
		assert.equal("chat jitsi vpaas-1", table.concat({ claims.iss, claims.aud, claims.sub }, " "));
		assert.equal(claims.iat, claims.nbf);
		assert.equal(0, run({ "verify", "--key-file", folder .. "/jaas.jwk" }, token).status);
	end);

	it("writes links", function ()
		assert.truthy(sign({ "--iss", "p", "--room", "Stand Up", "--url",
			"https://m.example/" }):find("^https://m%.example/Stand%%20Up%?jwt=ey"));
		assert.truthy(sign({ "--iss", "p", "--room", "x", "--tenant", "acme", "--url", "https://m.example" })
			:find("^https://m%.example/acme/x%?jwt=ey"));
		assert.truthy(sign({ "--dialect", "daily", "--domain-id", "d", "--room", "x", "--url", "https://acme.daily.co" })
			:find("^https://acme%.daily%.co/x%?t=ey"));
	end);
end);
