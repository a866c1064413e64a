-- Who judges a token, and the judgement.

local secret_of = require "spec.support.secret";
local command = require "spec.support.command";
local hostconfig = require "meetauth.config.host";
local ended = require "spec.support.ended";
local serverkeys = require "meetauth.cli.server.keys";
local judge = require "meetauth.cli.token.judge";
local meetauth = require "meetauth";

local now = 1700000000;
local secret = secret_of("s");
local key = meetauth.key({ alg = "HS256", secret = secret });
local folder, secret_file;

setup(function ()
	folder = command.folder();
	secret_file = command.write(folder .. "/secret", secret);
end);
teardown(command.clean);

describe("a judge by keys in files", function ()
	local function of(args)
		args.secret_file = secret_file;
		return judge.of(args, now);
	end

	-- { what is asked, as options; the claims; why they are refused }
	local cases = {
		{ {}, {} }; { {}, { exp = now }, "expired" }; { { leeway = "10s" }, { exp = now - 9 } };
		{ { iss = { "a", "b" } }, { iss = "b" } }; { { iss = { "a" } }, { iss = "c" }, "issuer-mismatch" };
		{ { aud = { "jitsi" } }, { aud = { "x", "jitsi" } } }; { { aud = { "jitsi" } }, {}, "audience-mismatch" };
		{ { require = { "exp" } }, {}, "missing-claim" }; { { max_age = "1h" }, { iat = now - 7200 }, "too-old" };
		{ { typ = { "at+jwt" } }, {}, "type-mismatch" }; { { iss = {}, aud = {}, typ = {}, require = {}, alg = {} }, { iss = "x" } };
	};
	for i, case in ipairs(cases) do
		it(("says %s (%d)"):format(case[3] or "yes", i), function ()
			local claims, reason, entry, decision = judge.token(of(case[1]), meetauth.sign(key, case[2]), nil, now);
			assert.same({ not case[3] and case[2] or nil, case[3] }, { claims, reason });
			assert.same({}, { entry, decision });
		end);
	end

	it("is asked for a duration where one is due", function ()
		for name, option in pairs({ leeway = "--leeway", max_age = "--max-age" }) do
			assert.same({ 2, option .. ": expected a duration such as 10s or 1h" }, { ended(of, { [name] = "soon" }) });
		end
	end);
end);

describe("a judge that cannot be #command", function ()
	for _, case in ipairs({
		{ args = { "verify", "--config", "/no/such.cfg.lua" },
			says = "expected a key (--secret-file, --key-file, --jwks-file) or --host, because /no/such.cfg.lua cannot be read" };
		{ args = { "explain", "--iss", "i" }, says = "--iss: expected a key file as well" };
		{ args = { "verify", "--secret-file", "-", "--leeway", "soon" }, input = secret_of("s"),
			says = "--leeway: expected a duration" };
		{ args = { "verify", "--secret-file", "-", "--room", "x" }, input = secret_of("s"), says = "this option needs --host" };
		{ args = { "verify", "--host", "h", "--secret-file", "s" }, says = "--host and --secret-file: give only one of the two "
			.. "options" };
		{ args = { "verify", "--host", "h", "--iss", "i" }, says = "--iss: with --host, the entries say this" };
		{ args = { "verify", "--host", "h", "--max-age", "1h" }, says = "--max-age: with --host, the entries say this" };
		{ args = { "verify", "--secret-file", "-", "--offline" }, input = secret_of("s"), says = "--offline: this option needs "
			.. "--host" };
	}) do
		it("ends the command with status 2: " .. table.concat(case.args, " "), function () command.is_refused(case); end);
	end
end);

describe("a judge by a server's entries", function ()
	local options = { meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = secret };
		{ id = "acme", dialect = "daily", domain_id = "acme-id", secret = secret_of("d") };
	} };
	local of;
	setup(function ()
		local host = assert(hostconfig.read(function (name) return options[name]; end));
		local config = { get = function () end, sources = "/nowhere" };
		local keys = serverkeys.new({ config = "none" }, config, "meet.example", host, {}, command.read, now);
		of = judge.by({
			server_keys = function () return keys; end,
			node = function (name) return (name:lower():gsub(" ", "%%20")); end,
			place = { base = "meet.example", nfkc = function (s) return s; end, fold = string.lower },
		});
	end);

	local function token(claims)
		local all = { iss = "portal", sub = "meet.example", room = "stand up", exp = now + 60 };
		for name, value in pairs(claims or {}) do all[name] = value; end
		return meetauth.sign(key, all);
	end

	it("gives claims, the entry, and as what the bearer may enter, as the server does", function ()
		local claims, reason, entry, decision = judge.token(of, token({ moderator = true }), "Stand Up", now);
		assert.same({ "portal", "owner" }, { entry.id, decision.affiliation });
		assert.is_nil(reason);
		assert.same({ iss = "portal", sub = "meet.example", room = "stand up", exp = now + 60, moderator = true }, claims);
	end);

	it("says nothing of rooms unless it is asked", function ()
		local claims, _, entry, decision = judge.token(of, token(), nil, now);
		assert.same({ "portal", nil }, { entry.id, decision });
		assert.is_table(claims);
	end);

	local refusals = {
		{ "by the signature", function ()
			return meetauth.sign(meetauth.key({ alg = "HS256", secret = secret_of("x") }), { iss = "portal" });
		end, "signature-mismatch", nil };
		{ "by a claim", function () return token({ exp = 1 }); end, "expired", nil };
		{ "by the dialect", function () return token({ room = 7 }); end, "bad-claim", "portal" };
		{ "by the room", function () return token({ room = "attic" }); end, "room-mismatch", "portal" };
		{ "where nobody knows the issuer", function () return token({ iss = "nobody" }); end, "unknown-issuer", nil };
	};
	for _, case in ipairs(refusals) do
		it("refuses " .. case[1], function ()
			local claims, reason, entry = judge.token(of, case[2](), "stand up", now);
			assert.same({ nil, case[3], case[4] }, { claims, reason, entry and entry.id });
		end);
	end
end);
