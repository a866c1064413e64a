-- src/sigcache.c: a key that remembers signatures, which must not change what it verifies.

local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";

local schemes = { RS256 = "rsa", PS384 = "rsa", ES256 = "P-256", ES512 = "P-521", EdDSA = "Ed25519" };

local function key(alg, remember)
	return assert(core.key.new(alg, "public", openssl.public(schemes[alg]), nil, nil, remember));
end

describe("a key that remembers signatures", function ()
	for alg, kind in pairs(schemes) do
		local function signed(payload)
			return core.sign(core.key.new(alg, "private", openssl.private(kind)), "{}", payload);
		end

		it(("of %s verifies a token again and again"):format(alg), function ()
			local reader, remembering = core.token.new(4096), key(alg, 16);
			local token = signed('{"n":1}');
			for _ = 1, 5 do
				assert(reader:open(token));
				assert.same({ n = 1 }, reader:claims(remembering));
			end
		end);

		it(("of %s knows a remembered signature for its own input only"):format(alg), function ()
			local reader, remembering = core.token.new(4096), key(alg, 16);
			local one, two = signed('{"n":1}'), signed('{"n":2}');
			local signature = one:match("[^.]*$");
			for _ = 1, 3 do
				assert(reader:open(one));
				assert.same({ n = 1 }, reader:claims(remembering));
				for _, text in ipairs({ two:match("^(.*%.)") .. signature, "e31.eyJuIjoxfQ." .. signature, "e30.e30." .. signature }) do
					assert(reader:open(text));
					assert.same({ nil, "signature-mismatch" }, { reader:claims(remembering) });
				end
			end
		end);

		it(("of %s knows no signature that is like a remembered one"):format(alg), function ()
			local reader, remembering = core.token.new(4096), key(alg, 16);
			local token = signed('{"n":1}');
			assert(reader:open(token));
			assert.same({ n = 1 }, reader:claims(remembering));
			local head, signature = token:match("^(.*%.)(.*)$");
			signature = base64.bytes(signature);
			for i = 1, #signature do
				local bent = signature:sub(1, i - 1) .. string.char(signature:byte(i) ~ 1) .. signature:sub(i + 1);
				assert(reader:open(head .. base64.url(bent)));
				assert.same({ nil, "signature-mismatch" }, { reader:claims(remembering) });
			end
		end);

		it(("of %s remembers nothing that it refused"):format(alg), function ()
			local reader, remembering = core.token.new(4096), key(alg, 16);
			local bent = signed('{"n":1}'):gsub("^e30", "e31");
			for _ = 1, 3 do
				assert(reader:open(bent));
				assert.same({ nil, "signature-mismatch" }, { reader:claims(remembering) });
			end
		end);

		it(("of %s keeps nothing from another key"):format(alg), function ()
			local reader, one, two = core.token.new(4096), key(alg, 16), key(alg, 16);
			assert(reader:open(signed('{"n":1}')));
			assert.same({ n = 1 }, reader:claims(one));
			assert.same({ n = 1 }, reader:claims(two));
		end);
	end

	it("verifies more tokens than it remembers", function ()
		local reader, remembering = core.token.new(4096), key("ES256", 2);
		local signer = core.key.new("ES256", "private", openssl.private("P-256"));
		local tokens = {};
		for i = 1, 20 do tokens[i] = core.sign(signer, "{}", ('{"n":%d}'):format(i)); end
		for _ = 1, 2 do
			for i, token in ipairs(tokens) do
				assert(reader:open(token));
				assert.same({ n = i }, reader:claims(remembering));
			end
		end
	end);

	it("is no secret: HMAC remembers nothing, and verifies as ever", function ()
		local reader = core.token.new(4096);
		local secret = assert(core.key.new("HS256", "secret", ("k"):rep(32), nil, nil, 16));
		assert(reader:open(core.sign(secret, "{}", "{}")));
		assert.same({}, reader:claims(secret));
		assert.same({}, reader:claims(secret));
	end);

	it("remembers 0 to 4096", function ()
		for _, slots in ipairs({ 0, 1, 4096 }) do assert(key("ES256", slots)); end
		for _, slots in ipairs({ -1, 4097, 1.5, "x" }) do
			assert.has_error(function () key("ES256", slots); end);
		end
	end);
end);
