--- The server's own entries: read by Prosody's configmanager, of each version that is unpacked here.

local command = require "spec.support.command";
local core = require "meetauth.core";

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");

local main = [[
admins = { "focus@auth.meet.example" }
meetauth_leeway = 5
Include "hosts/*.cfg.lua"
Component "conference.meet.example" "muc"
	modules_enabled = { "muc_meetauth" }
]];
local hosts = [[
VirtualHost "meet.example"
	authentication = "meetauth"
	app_id = "legacy"
	app_secret = "eighteen-bytes-ok!"
	meetauth_issuers = {
		{ id = "portal", issuer = { "portal", "old-portal" }, audience = "jitsi", secret = ENV_PORTAL };
		{ id = "acme", dialect = "daily", domain_id = "acme-id", secret = "acme-secret-of-its-own-that-specs-a" };
		{ id = "north", issuer = "north", tenant = "north", secret = "north-secret-2-3-5-7-11-13-17-19-23-29" };
		{ id = "sso", issuer = "sso", algorithms = "ES256", public_key = PUBLIC_KEY };
	}
VirtualHost "bad.example"
	meetauth_issuers = { { id = "portal", isuser = "portal", secret = "short" } }
VirtualHost "files.example"
	meetauth_issuers = {
		{ id = "filed", issuer = "filed", secret_file = "keys/secret" };
		{ id = "set", issuer = "set", jwks_file = "keys/set.json", algorithms = "ES256" };
		{ id = "fetched", issuer = "fetched", jwks_url = "https://127.0.0.1:1/jwks", algorithms = "ES256" };
		{ id = "past", issuer = "past", secret = "past-secret-2-3-5-7-11-13-17-19-23-29-31", not_after = 1700000000 };
		{ id = "future", issuer = "future", secret = "next-secret-2-3-5-7-11-13-17-19-23-29-31", not_before = "2999-01-01" };
	}
VirtualHost "lone.example"
	meetauth_issuers = { { issuer = "lone", secret = "lone-secret-of-its-own-that-specs-a" } }
]];

local function specs(sources)
	local folder, server;
	local env = { PORTAL = "portal-secret-2-3-5-7-11-13-17-19-23-29-3" };

	local function run(args, input) return command.run(args, input, env); end

	-- a sub-command, beside the server's options
	local function ask(name, args, input)
		return run({ name, "--config", folder .. "/prosody.cfg.lua", "--prosody", sources, "--host", server,
			table.unpack(args) }, input);
	end

	local function signed(...)
		local ran = ask("sign", { ... });
		assert.equal(0, ran.status, ran.err);
		return ran.out;
	end

	setup(function ()
		folder = command.folder();
		os.execute("mkdir " .. folder .. "/hosts");
		command.must({ "keygen", "--alg", "ES256", "--out-private", folder .. "/es.pem", "--out-jwk", folder .. "/es.jwk" });
		os.execute("mkdir " .. folder .. "/keys");
		command.write(folder .. "/keys/secret", "filed-secret-2-3-5-7-11-13-17-19-23-29\n");
		command.write(folder .. "/keys/set.json", '{"keys":[' .. command.read(folder .. "/es.jwk") .. "]}");
		local pem = require "meetauth".key({ jwk = command.read(folder .. "/es.jwk") }):pem();
		command.write(folder .. "/prosody.cfg.lua", main);
		command.write(folder .. "/hosts/meet.cfg.lua", (hosts:gsub("PUBLIC_KEY", "[[" .. pem .. "]]")));
	end);
	teardown(command.clean);
	before_each(function () server = "meet.example"; end);

	it("sign, and the server would take what they sign", function ()
		for entry, as in pairs({ portal = "jitsi", acme = "daily", legacy = "jitsi" }) do
			local ran = ask("verify", { "--room", "Standup" }, signed("--entry", entry, "--room", "standup", "--moderator"));
			assert.equal(0, ran.status, ran.err);
			assert.truthy(ran.err:find(("accepted: entry %s, %s, as owner"):format(entry, as), 1, true), ran.err);
		end
	end);

	it("say issuer, audience and domain of what they sign", function ()
		local claims = core.decode((ask("verify", {}, signed("--entry", "portal", "--room", "x")).out:gsub("\n$", "")));
		assert.equal("portal jitsi meet.example", table.concat({ claims.iss, claims.aud, claims.sub }, " "));
		claims = core.decode((ask("verify", {}, signed("--entry", "acme", "--room", "x")).out:gsub("\n$", "")));
		assert.equal("acme-id", claims.d);
	end);

	it("sign for rooms of a tenant, with links that lead there", function ()
		local token = signed("--entry", "north", "--room", "x");
		assert.equal(0, ask("verify", { "--room", "[north]x" }, token).status);
		assert.truthy(ask("verify", { "--room", "x" }, token).err:find("refused: room-mismatch", 1, true));
		assert.truthy(signed("--entry", "north", "--room", "x", "--url",
			"https://meet.example"):find("^https://meet%.example/north/x%?jwt="));
		assert.truthy(signed("--entry", "acme", "--room", "x", "--url", "https://meet.example"):find("^https://meet%.example/x%?jwt="));
	end);

	it("with a public key need the private one to sign", function ()
		local ran = ask("sign", { "--entry", "sso", "--room", "x" });
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("the entry sso has no key that can sign", 1, true));
		local token = signed("--entry", "sso", "--key-file", folder .. "/es.pem", "--room", "x");
		assert.truthy(ask("verify", { "--room", "x" }, token).err:find("accepted: entry sso", 1, true));
	end);

	it("judge as the server does: signature, claims, dialect, room", function ()
		local good = signed("--entry", "portal", "--room", "Stand Up");
		for room, status in pairs({ ["stand up"] = 0, ["STAND UP"] = 0, ["stand%20up"] = 0, attic = 1, ["[north]stand up"] = 1 }) do
			assert.equal(status, ask("verify", { "--room", room }, good).status, room);
		end
		local no_room = run({ "sign", "--secret-file", "-", "--claims", command.write(folder .. "/c",
			'{"iss":"portal","aud":"jitsi"}') },
			env.PORTAL).out;
		assert.truthy(ask("verify", {}, no_room).err:find("refused: missing-claim", 1, true));
		local stranger = run({ "sign", "--secret-file", "-", "--iss", "nobody", "--room", "x" }, env.PORTAL).out;
		assert.truthy(ask("verify", {}, stranger).err:find("refused: unknown-issuer", 1, true));
	end);

	it("explain with the room", function ()
		local token = signed("--entry", "portal", "--room", "standup");
		local ran = ask("explain", { "--room", "attic" }, token);
		assert.equal(1, ran.status);
		assert.truthy(ran.out:find("\nverdict: refused: room-mismatch: ", 1, true));
		assert.truthy(ran.out:find("\niss\tok\t\t\"portal\"\texpected [\"old-portal\",\"portal\"]\n", 1, true));
		ran = ask("explain", { "--room", "standup" }, token);
		assert.equal(0, ran.status);
	end);

	it("say when they would refuse what was signed with their own key", function ()
		local ran = ask("sign", { "--entry", "portal", "--claims", command.write(folder .. "/c", '{"iss":"portal","exp":1}') });
		assert.equal(0, ran.status);
		assert.truthy(ran.err:find("the server would refuse this token: expired", 1, true));
	end);

	it("convert between each other", function ()
		local ran = ask("convert", { "--to", "jitsi", "--sign-with", "portal" }, signed("--entry", "acme", "--room", "x",
			"--name", "Ann"));
		assert.equal(0, ran.status);
		assert.truthy(ask("verify", { "--room", "x" }, ran.out).err:find("accepted: entry portal", 1, true));
		ran = ask("convert", { "--to", "daily", "--sign-with", "acme" }, signed("--entry", "portal", "--room", "x"));
		assert.truthy(ask("verify", { "--room", "x" }, ran.out).err:find("accepted: entry acme", 1, true));
		ran = ask("convert", { "--to", "daily", "--sign-with", "portal" }, signed("--entry", "acme", "--room", "x"));
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("daily: the entry portal has the dialect jitsi", 1, true));
	end);

	it("are found without the host's name where only one host has them", function ()
		local path = command.write(folder .. "/one.cfg.lua", [[
			VirtualHost "only.example"
				authentication = "meetauth"
				meetauth_issuers = { { issuer = "only", secret = "only-secret-of-its-own-that-specs-a" } }
			VirtualHost "guest.only.example"
				authentication = "anonymous"
			Component "conference.only.example" "muc"
				modules_enabled = { "muc_meetauth" }
		]]);
		local function at(name, args, input)
			return run({ name, "--config", path, "--prosody", sources, table.unpack(args) }, input);
		end
		local token = at("sign", { "--room", "x", "--moderator" });
		assert.same({ 0, "meetauth: using host only.example, the only host in " .. path .. "\n" }, { token.status, token.err });
		local judged = at("verify", { "--room", "x", "--offline" }, token.out);
		assert.truthy(judged.err:find("accepted: entry only, jitsi, as owner", 1, true), judged.err);
		assert.equal(0, at("explain", { "--room", "x" }, token.out).status);
		assert.equal(0, at("sign", { "--entry", "only", "--room", "x" }).status);
		local second = '\nVirtualHost "b.example"\nauthentication = "meetauth"\n';
		local two = command.write(folder .. "/two.cfg.lua", command.read(path) .. second);
		local ran = run({ "verify", "--config", two, "--prosody", sources }, token.out);
		assert.same({ 2, "meetauth: --host: expected one of b.example, only.example\n" }, { ran.status, ran.err });
	end);

	it("judge as at another moment, their own windows with it", function ()
		local token = signed("--entry", "portal", "--room", "standup", "--now", "2024-02-29T08:00Z");
		assert.truthy(ask("verify", {}, token).err:find("refused: expired", 1, true));
		assert.equal(0, ask("verify", { "--now", "2024-02-29T08:59Z", "--room", "standup" }, token).status);
		server = "files.example";
		token = signed("--entry", "past", "--room", "x", "--now", "1600000000");
		assert.equal(0, ask("verify", { "--now", "1600000000" }, token).status);
		assert.equal(1, ask("verify", { "--now", "1700000001" }, token).status);
	end);

	it("judge several tokens in one call", function ()
		local good, bad = signed("--entry", "portal", "--room", "standup"), signed("--entry", "acme", "--room", "standup",
			"--expires-in", "-1h");
		local ran = ask("verify", {}, good .. bad .. good);
		assert.equal(1, ran.status);
		assert.truthy(ran.err:find("token 1: accepted: entry portal, jitsi\n", 1, true), ran.err);
		assert.truthy(ran.err:find("token 2: refused: expired", 1, true), ran.err);
		server = "files.example";
		local unsure = signed("--entry", "fetched", "--key-file", folder .. "/es.pem", "--room", "x");
		local known = signed("--entry", "filed", "--room", "x");
		assert.equal(3, ask("verify", { "--offline" }, known .. unsure .. known).status);
		local lines = {};
		ran = ask("explain", { "--offline", "--json" }, unsure .. bad .. known);
		for line in ran.out:gmatch("[^\n]+") do lines[#lines + 1] = core.decode(line); end
		assert.same({ 1, core.null, false, true }, { ran.status, lines[1].valid, lines[2].valid, lines[3].valid });
	end);

	it("need not be named where there is one", function ()
		server = "lone.example";
		assert.truthy(ask("verify", { "--room", "x" }, signed("--room", "x")).err:find("accepted: entry lone", 1, true));
	end);

	it("are named where there are several", function ()
		local ran = ask("sign", { "--room", "x" });
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("--entry: expected one of portal, acme, north, sso, legacy", 1, true));
	end);

	it("have their keys in files below the configuration's folder, wherever the command runs", function ()
		server = "files.example";
		local ran = ask("verify", { "--room", "x" }, signed("--entry", "filed", "--room", "x"));
		assert.truthy(ran.err:find("accepted: entry filed, jitsi, as member", 1, true), ran.err);
		local token = signed("--entry", "set", "--key-file", folder .. "/es.pem", "--room", "x");
		ran = ask("verify", { "--room", "x" }, token);
		assert.truthy(ran.err:find("accepted: entry set", 1, true), ran.err);
		ran = ask("explain", { "--room", "attic" }, token);
		assert.equal(1, ran.status);
		assert.truthy(ran.out:find("\nsignature\tok\t", 1, true), ran.out);
		assert.truthy(ran.out:find("\nroom\tFAIL\troom-mismatch\t\"x\"\texpected attic\n", 1, true), ran.out);
	end);

	it("explain a secret of a file that differs by its newline", function ()
		server = "files.example";
		local token = run({ "sign", "--secret-file", "-", "--iss", "filed", "--room", "x" },
			"filed-secret-2-3-5-7-11-13-17-19-23-29\n\n").out;
		local ran = ask("explain", {}, token);
		assert.truthy((ran.out .. ran.err):find(
			"the issuer's secret ends with a newline, and the configured secret does not", 1, true));
	end);

	it("whose keys cannot be had say that nothing can be told, by a status of its own, and give no hint", function ()
		server = "files.example";
		local token = run({ "sign", "--key-file", folder .. "/es.pem", "--iss", "fetched", "--sub", server, "--room", "x" }).out;
		for options, why in pairs({ [{}] = "https://127.0.0.1:1/jwks: ", [{ "--offline" }] = "the source "
			.. "was not asked, because of --offline" }) do
			for _, name in ipairs({ "verify", "explain" }) do
				local ran = ask(name, options, token);
				assert.equal(3, ran.status, ran.err);
				assert.truthy((ran.out .. ran.err):find("cannot tell: keys-unavailable: ", 1, true), ran.err);
				assert.truthy(ran.err:find("the keys of fetched at https://127.0.0.1:1/jwks: ", 1, true), ran.err);
				assert.truthy(ran.err:find(why, 1, true), ran.err);
				assert.is_nil(ran.out:find("hint for", 1, true) or ran.out:find("FAIL", 1, true), ran.out);
				local json = ask(name, { "--json", table.unpack(options) }, token);
				assert.equal(3, json.status);
				assert.truthy(json.out:find('"valid":%s*null'), json.out);
			end
		end
	end);

	it("take a set of keys in the place of what stands at addresses", function ()
		server = "files.example";
		local token = run({ "sign", "--key-file", folder .. "/es.pem", "--iss", "fetched", "--sub", server, "--room", "x" }).out;
		local ran = ask("verify", { "--room", "x", "--jwks-file", folder .. "/keys/set.json" }, token);
		assert.truthy(ran.err:find("accepted: entry fetched, jitsi, as member", 1, true), ran.err);
		assert.equal(0, ask("explain", { "--jwks-file", folder .. "/keys/set.json" }, token).status);
	end);

	it("are needed for --offline, and two sources of keys are one too many", function ()
		server = "files.example";
		local ran = run({ "verify", "--secret-file", "-", "--offline" }, "x");
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("--offline: this option needs --host", 1, true), ran.err);
		ran = ask("verify", { "--secret-file", folder .. "/keys/secret" }, "x");
		assert.truthy(ran.err:find("--host and --secret-file: give only one of the two options", 1, true), ran.err);
	end);

	it("do not count outside of their window, but sign for tests", function ()
		server = "files.example";
		for entry, why in pairs({ past = "any more, because its not_after has passed", future = "yet, because its not_before is in "
			.. "the future" }) do
			local ran = ask("sign", { "--entry", entry, "--room", "x" });
			assert.equal(0, ran.status, ran.err);
			assert.truthy(ran.err:find("the server would refuse this token: unknown-key", 1, true), ran.err);
			ran = ask("verify", {}, ran.out);
			assert.truthy(ran.err:find("refused: unknown-key", 1, true), ran.err);
			assert.truthy(ran.err:find(("keys of the entry %s are not valid %s"):format(entry, why), 1, true), ran.err);
		end
	end);

	it("in files that are not there stop the command", function ()
		local path = command.write(folder .. "/nofile.cfg.lua",
			'VirtualHost "h"\nmeetauth_issuers = { { issuer = "i", secret_file = "keys/none" } }\n');
		local ran = run({ "verify", "--config", path, "--prosody", sources, "--host", "h" }, "x");
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find('meetauth_issuers[1].secret_file[1]: found "keys/none" (', 1, true), ran.err);
	end);

	it("that are wrong stop the command with what stops the server", function ()
		server = "bad.example";
		local ran = ask("verify", {}, "x");
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("meetauth: meetauth_issuers[1].isuser: found a field with this name", 1, true), ran.err);
		assert.truthy(ran.err:find("\nmeetauth: meetauth_issuers[1].secret[1]: found a string of 5 bytes", 1, true));
		assert.is_nil(ran.err:find("short", 1, true));
	end);
end

for _, version in ipairs({ "0.12", "13.0" }) do
	local sources = root .. "/build/prosody-" .. version;
	local there = command.read(sources .. "/usr/lib/prosody/core/configmanager.lua") ~= nil;
	describe("the entries in a configuration of Prosody " .. version .. " #command",
		there and function () specs(sources); end or function ()
		pending("are read where Prosody " .. version .. " is unpacked in build/");
	end);
end
