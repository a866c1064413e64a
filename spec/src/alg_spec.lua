-- src/alg.c: the algorithms and their names.

local core = require "meetauth.core";

local names = { -- RFC 7518 3.1, RFC 8812 3.2, RFC 8037 3.1, RFC 9864 2.2
	"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
	"ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448",
};

local strangers = {
	"none", "None", "NONE", "nOnE", "", "hs256", "HS256 ", " HS256", "HS256\0", "HS2567", "HS25", "HS1", "HS224",
	"RS1", "ES256k", "eddsa", "EDDSA", "ed25519", "ED448", "X25519", "A128KW", "dir", "*", "HS256,none",
};

describe("the algorithms", function ()
	it("are those of the RFCs, and none is not among them", function ()
		assert.same(names, core.algorithms());
	end);

	it("are handed out as a new list each time", function ()
		core.algorithms()[1] = "none";
		assert.same(names, core.algorithms());
	end);

	for _, name in ipairs(names) do
		it(name .. " is known by its name", function ()
			local _, reason = core.key.new(name, "public", "no key");
			assert.not_equal("unknown-algorithm", reason);
		end);
	end

	for _, name in ipairs(strangers) do
		it(("%q is no algorithm"):format(name), function ()
			assert.same({ nil, "unknown-algorithm" }, { core.key.new(name, "secret", ("k"):rep(64)) });
			assert.same({ nil, "unknown-algorithm" }, { core.key.new(name, "secret", ("k"):rep(64), nil, true) });
		end);
	end

	for name, bytes in pairs({ HS256 = 32, HS384 = 48, HS512 = 64 }) do
		it(("%s signs with %d bytes and asks a secret as long (RFC 7518 3.2)"):format(name, bytes), function ()
			local key = assert(core.key.new(name, "secret", ("k"):rep(bytes)));
			assert.equal(bytes, #core.sign(key, "{}", "{}"):match("[^.]*$") * 6 // 8);
			assert.same({ nil, "weak-secret" }, { core.key.new(name, "secret", ("k"):rep(bytes - 1)) });
			assert(core.key.new(name, "secret", "k", nil, true));
			assert.same({ nil, "weak-secret" }, { core.key.new(name, "secret", "", nil, true) });
		end);
	end
end);
