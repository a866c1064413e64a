--- Numbers of the signature schemes, and just the arithmetic that bending a signature takes.

local numbers = {};

local function bytes(hex)
	return (hex:gsub("%x%x", function (digits) return string.char(tonumber(digits, 16)); end));
end

-- The order n of each curve's group (FIPS 186-4 D.1.2, SEC 2 2.4.1), big-endian, as long as r and s.
numbers.order = {
	ES256 = bytes "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
	ES384 = bytes("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
		.. "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973");
	ES512 = bytes("01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA"
		.. "51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409");
	ES256K = bytes "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141";
};

-- The order L of Ed25519 and of Ed448, by the signature's length (RFC 8032 5.1, 5.2), big-endian, as long as S.
numbers.edwards_order = {
	[64] = bytes "1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED";
	[114] = bytes("003FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
		.. "FF7CCA23E9C44EDB49AED63690216CC2728DC58F552378C292AB5844F3");
};

-- a plus or minus b, both big-endian and of one length; nil where the result does not fit.
local function combine(a, b, sign)
	local out, carry = {}, 0;
	for i = #a, 1, -1 do
		local v = a:byte(i) + sign * (b:byte(i) + carry);
		carry = (v < 0 or v > 255) and 1 or 0;
		out[i] = string.char(v & 255);
	end
	return carry == 0 and table.concat(out) or nil;
end

function numbers.add(a, b) return combine(a, b, 1); end
function numbers.subtract(a, b) return combine(a, b, -1); end

--- r and s of a raw ECDSA signature.
function numbers.halves(signature)
	return signature:sub(1, #signature // 2), signature:sub(#signature // 2 + 1);
end

return numbers;
