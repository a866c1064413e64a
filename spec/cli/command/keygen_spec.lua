--- meetauth keygen: a new key, or a new shared secret.

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";

local must, run = command.must, command.run;
local folder;

before_each(function () folder = command.folder(); end);
after_each(command.clean);

local function json(text) return core.decode((text:gsub("\n$", ""))); end

describe("meetauth keygen #command", function ()
	for _, alg in ipairs(core.algorithms()) do
		it("makes what signs and verifies: " .. alg, function ()
			local out = must({ "keygen", "--alg", alg, "--out-private", folder .. "/private" });
			local is_secret = alg:find("^HS") ~= nil;
			local option = is_secret and "--secret-file" or "--key-file";
			local token = must({ "sign", option, folder .. "/private", "--alg", alg, "--iss", "p", "--room", "x" });
			local public = is_secret and folder .. "/private" or command.write(folder .. "/public", out);
			assert.equal(0, run({ "verify", option, public, "--alg", alg }, token).status);
			assert.equal("-rw-------", command.shell("ls -l " .. folder .. "/private").out:sub(1, 10));
		end);
	end

	it("writes a secret as text that a configuration can hold", function ()
		assert.truthy(must({ "keygen" }):find("^%x+\n$"));
		must({ "keygen", "--alg", "HS512", "--out-private", folder .. "/s" });
		assert.truthy(command.read(folder .. "/s"):find("^%x+$"));
		assert.equal(128, #command.read(folder .. "/s"));
	end);

	it("names keys by their thumbprint, or as told", function ()
		local jwk = json(must({ "keygen", "--alg", "ES256", "--out-private", folder .. "/k" }));
		assert.equal(meetauth.key({ jwk = jwk }):thumbprint(), jwk.kid);
		assert.is_nil(jwk.d);
		assert.equal("", must({ "keygen", "--alg", "EdDSA", "--crv", "Ed448", "--kid", "2026-01", "--out-private", folder .. "/e",
			"--out-jwk", folder .. "/e.jwk" }));
		jwk = json(command.read(folder .. "/e.jwk"));
		assert.equal("2026-01 Ed448", jwk.kid .. " " .. jwk.crv);
	end);

	it("writes over no key", function ()
		local path = command.write(folder .. "/k", "older");
		for _, args in ipairs({ { "--out-private", path }, { "--alg", "ES256", "--out-jwk", path } }) do
			local ran = run({ "keygen", table.unpack(args) });
			assert.equal(2, ran.status);
			assert.truthy(ran.err:find("already exists", 1, true));
		end
		assert.equal("older", command.read(path));
	end);

	it("loses no key where two are made at once under one name", function ()
		for round = 1, 5 do
			local path = ("%s/k%d"):format(folder, round);
			local line = command.line({ "keygen", "--alg", "ES256", "--out-private", path });
			local ran = command.shell(("for run in 1 2 3 4; do { %s >%s.$run 2>/dev/null; echo $?; } & done; wait"):format(line, path));
			local good = select(2, ran.out:gsub("0\n", ""));
			assert.equal(1, good, ran.out);
			assert.equal(3, select(2, ran.out:gsub("2\n", "")), ran.out);
			local kept = {};
			for run_ = 1, 4 do
				local public = command.read(("%s.%d"):format(path, run_));
				if public ~= "" then kept[#kept + 1] = json(public).kid; end
			end
			assert.same({ assert(meetauth.key({ alg = "ES256", private = command.read(path) }):thumbprint()) }, kept);
		end
	end);

	it("writes to standard output what goes to -", function ()
		local pem = must({ "keygen", "--alg", "ES256", "--out-private", "-" });
		assert.truthy(pem:find("^%-%-%-%-%-BEGIN PRIVATE KEY"));
		assert.is_table(json(must({ "keygen", "--alg", "ES256", "--out-private", folder .. "/k", "--out-jwk", "-" })));
		local ran = run({ "keygen", "--alg", "ES256", "--out-jwk", "-" });
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("--out-jwk: standard output has the private key already", 1, true), ran.err);
		assert.is_nil(command.read("-"));
	end);

	for says, args in pairs({
		["weak-key"] = { "--alg", "RS256", "--bits", "1024" };
		["a secret has no public key"] = { "--kid", "k" };
		["must be one of"] = { "--alg", "none" };
		["--bits"] = { "--alg", "RS256", "--bits", "many" };
	}) do
		it("refuses " .. table.concat(args, " "), function ()
			local ran = run({ "keygen", table.unpack(args) });
			assert.equal(2, ran.status);
			assert.truthy(ran.err:find(says, 1, true), ran.err);
		end);
	end
end);
