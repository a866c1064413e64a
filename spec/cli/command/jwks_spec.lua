--- meetauth jwks: keys in files as one JWK set.

local command = require "spec.support.command";
local meetauth = require "meetauth";

local must, run = command.must, command.run;
local folder;

before_each(function () folder = command.folder(); end);
after_each(command.clean);

describe("meetauth jwks #command", function ()
	it("has the public parts of keys of each form", function ()
		must({ "keygen", "--alg", "ES256", "--out-private", folder .. "/es" });
		must({ "keygen", "--alg", "RS256", "--out-private", folder .. "/rs" });
		must({ "keygen", "--alg", "EdDSA", "--kid", "ed", "--out-private", folder .. "/ed", "--out-jwk", folder .. "/ed.jwk" });
		local text = must({ "jwks", folder .. "/es", folder .. "/rs", folder .. "/ed.jwk", "--alg", "RS384" });
		local set = assert(meetauth.jwks(text));
		assert.equal(3, #set.keys);
		assert.same({}, set.skipped);
		assert.equal("ES256 RS384 EdDSA", table.concat({ set.keys[1]:alg(), set.keys[2]:alg(), set.keys[3]:alg() }, " "));
		assert.equal("ed", set.keys[3]:kid());
		assert.equal(set.keys[1]:thumbprint(), set.keys[1]:kid());
		assert.is_nil(text:find('"d"', 1, true));
	end);

	it("tells which file it cannot use, and why", function ()
		command.write(folder .. "/oct", '{"kty":"oct","k":"' .. ("c"):rep(43) .. '","alg":"HS256"}');
		command.write(folder .. "/bad", "nothing");
		must({ "keygen", "--alg", "RS256", "--out-private", folder .. "/rs" });
		must({ "keygen", "--alg", "ES256", "--out-private", folder .. "/es" });
		for says, names in pairs({ ["oct: not-public"] = { "/oct" }, ["bad: bad-key"] = { "/bad" },
			["es: duplicate-kid"] = { "/es", "/es" },
			["rs: expected the algorithm of its RSA key (--alg)"] = { "/rs" }, ["cannot read"] = { "/none" } }) do
			local args = { "jwks" };
			for i, name in ipairs(names) do args[i + 1] = folder .. name; end
			local ran = run(args);
			assert.equal(2, ran.status);
			assert.equal("", ran.out);
			assert.truthy(ran.err:find(says, 1, true), ran.err);
		end
	end);
end);
