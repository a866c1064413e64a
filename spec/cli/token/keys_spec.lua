-- Keys from files, for signing or for verifying.

local command = require "spec.support.command";
local ended = require "spec.support.ended";
local keys = require "meetauth.cli.token.keys";
local meetauth = require "meetauth";

local must, run = command.must, command.run;
local secret = ("s"):rep(32);
local folder, secret_file;

local function claims_of(token)
	local verify = meetauth.verifier({ keys = { meetauth.key({ alg = "HS256", secret = secret }) }, algorithms = { "HS256" } });
	return assert(verify(token, os.time()));
end

setup(function ()
	folder = command.folder();
	secret_file = command.write(folder .. "/secret", secret);
end);
teardown(command.clean);

describe("keys in files #command", function ()
	it("are public keys as PEM, as JWK and as a set", function ()
		local file = folder .. "/es.pem";
		must({ "keygen", "--alg", "ES256", "--kid", "k1", "--out-private", file, "--out-jwk", folder .. "/es.jwk" });
		local text = must({ "sign", "--key-file", file, "--kid", "k1", "--iss", "p", "--room", "x" });
		local set = command.write(folder .. "/set", must({ "jwks", folder .. "/es.jwk" }));
		local pem = command.write(folder .. "/es.pub", assert(meetauth.key({ jwk = command.read(folder .. "/es.jwk") }):pem()));
		for _, args in ipairs({ { "--key-file", folder .. "/es.jwk" }, { "--jwks-file", set }, { "--key-file", pem } }) do
			assert.equal(0, run({ "verify", table.unpack(args) }, text).status);
		end
		local ran = run({ "verify", "--key-file", file }, text);
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("not-public", 1, true));
	end);

	it("lose the line break at the end of a secret, which is told", function ()
		local with_break = command.write(folder .. "/secret-n", secret .. "\n");
		local ran = run({ "sign", "--secret-file", with_break, "--iss", "p", "--room", "x" });
		assert.equal(0, ran.status);
		assert.truthy(ran.err:find("the line break at the end of the file is not a part of the secret", 1, true));
		claims_of(ran.out:match("%S+"));
	end);

	it("are no secret shorter than its hash, unless told", function ()
		local weak = command.write(folder .. "/weak", "eighteen bytes, ok");
		local ran = run({ "sign", "--secret-file", weak, "--iss", "p", "--room", "x" });
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("weak-secret", 1, true));
		assert.equal(0, run({ "sign", "--secret-file", weak, "--weak-secret", "--iss", "p", "--room", "x" }).status);
	end);

	it("that are public sign nothing", function ()
		must({ "keygen", "--alg", "ES256", "--out-private", folder .. "/own.pem", "--out-jwk", folder .. "/own.jwk" });
		local ran = run({ "sign", "--key-file", folder .. "/own.jwk", "--iss", "p", "--room", "x" });
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("not-private", 1, true));
	end);

	for _, case in ipairs({
		{ args = { "verify", "--key-file", "k", "--secret-file", "s" }, says = "--secret-file and --key-file: give only one of the "
			.. "two options" };
		{ args = { "verify", "--key-file", "-" }, input = "no key", says = "-: bad-key" };
		{ args = { "verify", "--jwks-file", "-" }, input = "{}", says = "-: bad-set" };
	}) do
		it("end the command with status 2 where they are none: " .. table.concat(case.args, " "), function ()
			command.is_refused(case);
		end);
	end
end);

describe("the key of the arguments", function ()
	local files = {};

	setup(function ()
		local es, rs = meetauth.keygen({ alg = "ES256", kid = "e" }), meetauth.keygen({ alg = "RS256", kid = "r" });
		files.secret, files.es, files.rs = secret_file, folder .. "/k.es", folder .. "/k.rs";
		command.write(files.es, select(2, meetauth.keygen({ alg = "ES256" })));
		command.write(files.rs, select(2, meetauth.keygen({ alg = "RS256" })));
		files.pem = command.write(folder .. "/k.pem", es:pem());
		files.rsa = command.write(folder .. "/k.rsa", rs:pem());
		files.set = command.write(folder .. "/k.set", assert(meetauth.jwks_of({ es, rs })));
		files.empty = command.write(folder .. "/k.empty", '{"keys":[]}');
	end);

	-- What each argument names, as the path of a file where it is one of those above.
	local function args_of(given)
		local args = {};
		for name, value in pairs(given) do args[name] = name:find("_file$") and files[value] or value; end
		return args;
	end

	local signers = {
		{ "HS256 of a secret", { secret_file = "secret" }, "HS256 -" };
		{ "the algorithm that is named", { secret_file = "secret", alg = { "HS512" }, weak_secret = true }, "HS512 -" };
		{ "the curve's own", { key_file = "es" }, "ES256 -" };
		{ "the kid that is named", { key_file = "es", kid = "k1" }, "ES256 k1" };
		{ "the algorithm that somebody else knows", { key_file = "rs" }, "RS256 -", alg = "RS256" };
		{ "no algorithm of an RSA key", { key_file = "rs" }, "expected the key's algorithm (--alg), such as RS256" };
		{ "no two algorithms", { key_file = "rs", alg = { "RS256", "PS256" } }, "--alg: expected one algorithm to sign with" };
		{ "no set", { jwks_file = "set" }, "--jwks-file: a set of public keys cannot sign" };
		{ "no secret that is short for it", { secret_file = "secret", alg = { "HS512" } }, "weak-secret" };
	};
	for _, case in ipairs(signers) do
		it("to sign with has " .. case[1], function ()
			local ok, key = pcall(keys.signer, args_of(case[2]), case.alg);
			if not ok then return assert.truthy(tostring(key):find(case[3], 1, true), tostring(key)); end
			assert.equal(case[3], key:alg() .. " " .. (key:kid() or "-"));
		end);
	end

	local verifiers = {
		{ "HS256 of a secret", { secret_file = "secret" }, "HS256" };
		{ "the curve's own", { key_file = "pem" }, "ES256" };
		{ "a key for each algorithm that is named", { key_file = "rsa", alg = { "RS256", "PS256" } }, "RS256 PS256" };
		{ "those of a set", { jwks_file = "set" }, "ES256 RS256" };
		{ "of a set what is named", { jwks_file = "set", alg = { "RS256" } }, "RS256" };
		{ "no algorithm of an RSA key", { key_file = "rsa" }, "expected the key's algorithm (--alg), such as RS256" };
		{ "no algorithms of a set without keys", { jwks_file = "empty" }, "expected the algorithms of its keys (--alg)" };
	};
	for _, case in ipairs(verifiers) do
		it("to verify with has " .. case[1], function ()
			local ok, list, algorithms = pcall(keys.verifiers, args_of(case[2]));
			if not ok then return assert.truthy(tostring(list):find(case[3], 1, true), tostring(list)); end
			assert.equal(case[3], table.concat(algorithms, " "));
		end);
	end

	it("comes from one option, if from any", function ()
		assert.is_nil(keys.source({}));
		for _, name in ipairs({ "secret_file", "key_file", "jwks_file" }) do
			local found = keys.source({ [name] = "x" });
			assert.same({ name, "--" .. name:gsub("_", "-") }, { found.field, found.option });
		end
		assert.same({ 2, "--key-file and --jwks-file: give only one of the two options" },
			{ ended(keys.source, { jwks_file = "x", key_file = "y" }) });
	end);
end);
