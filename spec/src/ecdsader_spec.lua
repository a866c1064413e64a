-- src/ecdsader.c: r || s and DER, seen through what openssl signs and verifies.

local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";

local schemes = {
	{ alg = "ES256", kind = "P-256", coordinate = 32, dgst = "-sha256",
		order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551" };
	{ alg = "ES384", kind = "P-384", coordinate = 48, dgst = "-sha384",
		order = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
		.. "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973" };
	{ alg = "ES512", kind = "P-521", coordinate = 66, dgst = "-sha512",
		order = "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
		.. "FFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409" };
	{ alg = "ES256K", kind = "secp256k1", coordinate = 32, dgst = "-sha256",
		order = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141" };
};

local function bytes(hex) return (hex:gsub("%x%x", function (h) return string.char(tonumber(h, 16)); end)); end

-- The two INTEGERs of a DER signature, right-aligned.
local function raw_of(der, coordinate)
	local at = der:byte(2) == 0x81 and 4 or 3;
	local parts = {};
	for i = 1, 2 do
		local n = der:byte(at + 1);
		local value = der:sub(at + 2, at + 1 + n):gsub("^\0+", "");
		parts[i] = ("\0"):rep(coordinate - #value) .. value;
		at = at + 2 + n;
	end
	return parts[1] .. parts[2];
end

local function integer(value)
	value = value:gsub("^\0+(.)", "%1");
	if value:byte() >= 0x80 then value = "\0" .. value; end
	return "\2" .. string.char(#value) .. value;
end

local function der_of(raw)
	local body = integer(raw:sub(1, #raw // 2)) .. integer(raw:sub(#raw // 2 + 1));
	return "\x30" .. (#body < 0x80 and "" or "\x81") .. string.char(#body) .. body;
end

local function minus(a, b) -- big-endian numbers of equal length, a >= b
	local out, borrow = {}, 0;
	for i = #a, 1, -1 do
		local d = a:byte(i) - b:byte(i) - borrow;
		borrow = d < 0 and 1 or 0;
		out[i] = string.char(d % 256);
	end
	return table.concat(out);
end

describe("an ECDSA signature", function ()
	for _, scheme in ipairs(schemes) do
		local private, public, reader, size;
		setup(function ()
			private = core.key.new(scheme.alg, "private", openssl.private(scheme.kind));
			public = core.key.new(scheme.alg, "public", openssl.public(scheme.kind));
			reader = core.token.new(1000);
			size = scheme.coordinate;
		end);

		local function verify(raw)
			assert(reader:open("e30.e30." .. base64.url(raw)));
			return reader:claims(public);
		end

		local function signed()
			return base64.bytes(core.sign(private, "{}", "{}"):match("[^.]*$"));
		end

		it(("of %s by openssl verifies here"):format(scheme.alg), function ()
			for _ = 1, 3 do
				local der = openssl.run(("dgst %s -sign <in2> -out <out> <in>"):format(scheme.dgst), "e30.e30",
					openssl.private(scheme.kind));
				assert.same({}, verify(raw_of(der, size)));
				assert.same({ nil, "signature-mismatch" }, { verify(der) }); -- DER is not JWS's form (RFC 7518 3.4)
			end
		end);

		it(("of %s by us verifies at openssl's"):format(scheme.alg), function ()
			local input = os.tmpname();
			finally(function () os.remove(input); end);
			local file = assert(io.open(input, "wb"));
			file:write("e30.e30");
			file:close();
			local said = openssl.run(("dgst %s -verify <in2> -signature <in> -out <out> %s"):format(scheme.dgst, input),
				der_of(signed()), openssl.public(scheme.kind));
			assert.equal("Verified OK\n", said);
		end);

		it(("of %s keeps its size where numbers are short"):format(scheme.alg), function ()
			local short = 0;
			for i = 1, 1500 do
				local token = core.sign(private, "{}", tostring(i));
				local raw = base64.bytes(token:match("[^.]*$"));
				assert.equal(2 * size, #raw);
				assert(reader:open(token));
				assert.equal(tostring(i), reader:payload(public));
				-- P-521's first byte is 0 or 1
				local at = scheme.kind == "P-521" and 2 or 1;
				if raw:byte(at) == 0 or raw:byte(size + at) == 0 then short = short + 1; end
			end
			assert.is_true(short > 0);
		end);

		it(("of %s has numbers from 1 to n - 1"):format(scheme.alg), function ()
			local raw = signed();
			local r, s, n = raw:sub(1, size), raw:sub(size + 1), bytes(scheme.order);
			assert.same({}, verify(r .. s));
			local zero, one, most = ("\0"):rep(size), ("\0"):rep(size - 1) .. "\1", ("\xFF"):rep(size);
			for _, bad in ipairs({ zero, one, n, most }) do
				assert.same({ nil, "signature-mismatch" }, { verify(bad .. s) });
				assert.same({ nil, "signature-mismatch" }, { verify(r .. bad) });
				assert.same({ nil, "signature-mismatch" }, { verify(bad .. bad) });
			end
			assert.same({ nil, "signature-mismatch" }, { verify(s .. r) });
		end);

		it(("of %s may have a high s (rule 6)"):format(scheme.alg), function ()
			local raw = signed();
			local r, s = raw:sub(1, size), raw:sub(size + 1);
			assert.same({}, verify(r .. minus(bytes(scheme.order), s)));
		end);
	end
end);
