-- src/edpoint.c: Ed25519 and Ed448 public keys that OpenSSL loads and nobody should trust.

local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local der = require "spec.support.der";
local openssl = require "spec.support.openssl";

local function bytes(hex) return (hex:gsub("%x%x", function (h) return string.char(tonumber(h, 16)); end)); end
local function load(point) return core.key.new("EdDSA", "public", der.edwards(point)); end

-- p = 2^255 - 19 and its neighbours, little-endian.
local function near_p(low, sign) return string.char(low) .. ("\xFF"):rep(30) .. string.char(0x7F | (sign or 0)); end
local function small(low, sign, n) return string.char(low) .. ("\0"):rep((n or 32) - 2) .. string.char(sign or 0); end

-- Ed448's p = 2^448 - 2^224 - 1.
local function near_p448(low, sign)
	return string.char(low) .. ("\xFF"):rep(27) .. "\xFE" .. ("\xFF"):rep(27) .. string.char(sign or 0);
end

local refused = {
	-- the eight points of small order, and their other spellings (Ed25519: RFC 8032 5.1; the list of
	-- "Taming the many EdDSAs", table 6)
	{ name = "the neutral element", point = small(1) };
	{ name = "the neutral element with a sign", point = small(1, 0x80) };
	{ name = "the neutral element as p + 1", point = near_p(0xEE) };
	{ name = "the neutral element as p + 1 with a sign", point = near_p(0xEE, 0x80) };
	{ name = "the point of order 2", point = near_p(0xEC) };
	{ name = "the point of order 2 with a sign", point = near_p(0xEC, 0x80) };
	{ name = "a point of order 4", point = small(0) };
	{ name = "the other point of order 4", point = small(0, 0x80) };
	{ name = "a point of order 4 as p", point = near_p(0xED) };
	{ name = "the other point of order 4 as p", point = near_p(0xED, 0x80) };
	{ name = "a point of order 8", point = bytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05") };
	{ name = "a second point of order 8", point = bytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85") };
	{ name = "a third point of order 8", point = bytes("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a") };
	{ name = "a fourth point of order 8", point = bytes("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa") };
	-- y >= p
	{ name = "y = p + 2", point = near_p(0xEF) };
	{ name = "y = p + 3, which is on the curve as 3", point = near_p(0xF0) };
	{ name = "the largest y", point = near_p(0xFF) };
	{ name = "the largest y with a sign", point = near_p(0xFF, 0x80) };
	-- no x
	{ name = "y = 2, for which there is no x", point = small(2) };
	{ name = "y = 7, for which there is no x", point = small(7) };
	-- Ed448: orders 1, 2, 4; y >= p; not on the curve
	{ name = "Ed448's neutral element", point = small(1, 0, 57) };
	{ name = "Ed448's point of order 2", point = near_p448(0xFE) };
	{ name = "Ed448's point of order 4", point = small(0, 0, 57) };
	{ name = "Ed448's other point of order 4", point = small(0, 0x80, 57) };
	{ name = "Ed448's p", point = near_p448(0xFF) };
	{ name = "Ed448 with all bits set", point = ("\xFF"):rep(56) .. "\0" };
	{ name = "Ed448 with bits in the last byte", point = small(3, 0x40, 57) };
};

describe("an Edwards point", function ()
	for _, case in ipairs(refused) do
		it("is refused: " .. case.name, function ()
			assert.same({ nil, "not-on-curve" }, { load(case.point) });
		end);
		it("is refused in PEM: " .. case.name, function ()
			local pem = base64.pem("PUBLIC KEY", der.edwards(case.point));
			assert.same({ nil, "not-on-curve" }, { core.key.new("EdDSA", "public", pem) });
		end);
	end

	it("of RFC 8037 A.2 is taken", function ()
		assert(load(base64.bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")));
	end);

	it("of Ed25519's base is taken, with either sign", function ()
		assert(load(("\x58" .. ("\x66"):rep(31))));
		assert(load(("\x58" .. ("\x66"):rep(30) .. "\xE6")));
	end);

	it("of Ed448 (RFC 8032 7.4, blank) is taken", function ()
		assert(load(bytes("5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778"
			.. "edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180")));
	end);

	it("is on the curve for about half of all y, and then for both signs", function ()
		local on = 0;
		for y = 0, 199 do
			local key = load(small(y));
			if y > 1 then assert.equal(key ~= nil, load(small(y, 0x80)) ~= nil); end
			if key then on = on + 1; end
		end
		assert.is_true(on > 60 and on < 140, on .. " of 200");
	end);

	it("of many keys that openssl makes is taken", function ()
		for _ = 1, 8 do
			for _, algorithm in ipairs({ "ED25519", "ED448" }) do
				local pem = openssl.run("genpkey -algorithm " .. algorithm .. " -out <out>");
				assert(core.key.new("EdDSA", "public", openssl.run("pkey -in <in> -pubout -out <out>", pem)));
			end
		end
	end);
end);
