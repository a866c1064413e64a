-- src/engine.c: what OpenSSL cannot do is told from what is wrong. A configuration of its own, as administrators write
-- them, may leave out what keys need. What it says where memory is short is spec/alloc's to see.

local meetauth = require "meetauth";
local core = require "meetauth.core";
local by_word = require "meetauth.reasons".by_word;
local openssl = require "spec.support.openssl";

-- What a Lua of its own writes under that configuration of OpenSSL.
local function run_with(provider, code, ...)
	local conf, script = os.tmpname(), os.tmpname();
	local function write(path, text)
		local file <close> = assert(io.open(path, "w"));
		file:write(text);
	end
	write(conf, ("openssl_conf = c\n[c]\nproviders = p\n[p]\n%s = s\n[s]\nactivate = 1\n"):format(provider));
	write(script, code);
	local files = {};
	for i, text in ipairs({ ... }) do
		files[i] = os.tmpname();
		write(files[i], text);
	end
	local pipe <close> = assert(io.popen(("OPENSSL_CONF=%s LUA_PATH='%s' LUA_CPATH='%s' lua5.4 %s %s 2>&1"):format(
		conf, package.path, package.cpath, script, table.concat(files, " "))));
	local said = pipe:read("a");
	for _, path in ipairs({ conf, script, table.unpack(files) }) do os.remove(path); end
	return said;
end

local load_keys = [[
	local meetauth = require "meetauth";
	local function text(path) return io.open(path, "rb"):read("a"); end
	local specs = {
		secret = { alg = "HS256", secret = ("k"):rep(32) };
		ec = { alg = "ES256", public = text(arg[1]) };
		["private ec"] = { alg = "ES256", private = text(arg[2]) };
		rsa = { alg = "RS256", public = text(arg[3]) };
		["private rsa"] = { alg = "RS256", private = text(arg[4]) };
		["any ec"] = { public = text(arg[1]) };
		["ec jwk"] = { jwk = '{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",'
			.. '"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}' };
		["okp jwk"] = { jwk = '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}' };
	};
	for name, spec in pairs(specs) do
		local key, reason = meetauth.key(spec);
		print(name, key and "a key" or reason, require "meetauth.core".engine_words() ~= nil);
	end
	print("new", (select(2, meetauth.keygen { alg = "ES256" })), true);
]];

describe("an OpenSSL that was configured without what keys need", function ()
	for _, provider in ipairs({ "null", "base" }) do
		it(("says so of every good key, and in its own words: only %s #command"):format(provider), function ()
			local said = run_with(provider, load_keys, openssl.public("P-256"), openssl.private("P-256"), openssl.public("rsa"),
				openssl.private("rsa"));
			local count = 0;
			for name, answer, words in said:gmatch("([^\t\n]+)\t([^\t\n]+)\t([^\t\n]+)\n") do
				count = count + 1;
				assert.same({ name, "engine-failure", "true" }, { name, answer, words });
			end
			assert.equal(9, count, said);
		end);
	end
end);

describe("an OpenSSL that has what keys need", function ()
	it("is not to blame for what is wrong with a key", function ()
		for _, spec in ipairs({
			{ alg = "RS256", public = "no key" }, { alg = "RS256", public = "\x30\x03\2\1\1" }, { alg = "ES256", private = "no key" },
			{ alg = "ES256K", public = openssl.public("P-256") }, { jwk = '{"kty":"OKP","crv":"Ed25519","x":"AA"}' },
			{ jwk = '{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}' }, { alg = "ES256", public = openssl.public("X25519") },
		}) do
			local key, reason = meetauth.key(spec);
			assert.is_nil(key);
			assert.not_equal("engine-failure", reason);
			assert.is_table(by_word[reason]);
		end
	end);

	it("is not to blame for a wrong signature", function ()
		local reader = core.token.new(4096);
		for _, alg in ipairs({ "HS256", "RS256", "PS256", "ES256", "ES512", "ES256K", "EdDSA" }) do
			local key = assert(meetauth.keygen { alg = alg });
			local token = core.sign(key, "{}", "{}");
			for _, bytes in ipairs({ "A", "_" }) do
				assert(reader:open((token:gsub("%.[^.]*$", function (signature)
					return "." .. bytes:rep(#signature - 2) .. "A"; -- zeros, or ones: beyond any modulus or order
				end))));
				local claims, reason = reader:claims(key);
				assert.same({ alg }, { alg, claims });
				assert.is_true(reason == "signature-mismatch" or reason == "malformed", reason);
			end
		end
	end);
end);
