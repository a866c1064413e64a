-- src/b64url.c, seen through the tokens that are read and written with it.

local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";

local secret = ("k"):rep(32);
local key = assert(core.key.new("HS256", "secret", secret));
local reader = core.token.new(4096);

local vectors = { -- RFC 4648 10, without the padding; "" is no part of a token
	{ bytes = "f", text = "Zg" };
	{ bytes = "fo", text = "Zm8" };
	{ bytes = "foo", text = "Zm9v" };
	{ bytes = "foob", text = "Zm9vYg" };
	{ bytes = "fooba", text = "Zm9vYmE" };
	{ bytes = "foobar", text = "Zm9vYmFy" };
	{ bytes = "\20\251\156\3\217\126", text = "FPucA9l-" }; -- RFC 4648 9, in the alphabet of its section 5
	{ bytes = "\3\236\255\224\193", text = "A-z_4ME" }; -- RFC 7515 C
};

-- What the header {"a":1} becomes: eyJhIjoxfQ, where Q carries four spare bits.
local refused = {
	{ name = "padding", text = "eyJhIjoxfQ==" };
	{ name = "one sign of padding", text = "eyJhIjoxfQ=" };
	{ name = "the other alphabet's plus", text = "eyJhIjo+fQ" };
	{ name = "the other alphabet's slash", text = "eyJhIjo/fQ" };
	{ name = "a space in front", text = " eyJhIjoxfQ" };
	{ name = "a newline at the end", text = "eyJhIjoxfQ\n" };
	{ name = "a line break inside", text = "eyJh\r\nIjoxfQ" };
	{ name = "a NUL", text = "eyJhIjox\0fQ" };
	{ name = "a length of 4n + 1", text = "eyJhIjoxf" };
	{ name = "a single character", text = "e" };
	{ name = "spare bits that are not zero, after one byte", text = "eyJhIjoxfR" };
	{ name = "the highest spare bit, after one byte", text = "eyJhIjoxfY" };
	{ name = "spare bits that are not zero, after two bytes", text = "eyJhIjoxIH1" };
	{ name = "a byte over 127", text = "eyJhIjox\195\188" };
	{ name = "percent encoding", text = "eyJhIjoxfQ%3D%3D" };
};

local function read_header(text)
	assert(reader:open(text .. ".e30.AA"));
	return reader:header();
end

describe("base64url", function ()
	for _, v in ipairs(vectors) do
		it(("writes and reads %d bytes as %s"):format(#v.bytes, v.text), function ()
			local token = assert(core.sign(key, "{}", v.bytes));
			assert.equal(v.text, token:match("^e30%.(.-)%."));
			assert(reader:open(token));
			assert.equal(v.bytes, reader:payload(key));
		end);
	end

	it("agrees with a slower one about every length and every byte", function ()
		local bytes = {};
		for n = 1, 600 do
			bytes[n] = string.char((n * 167 + n // 256) % 256);
			local payload = table.concat(bytes);
			local token = core.sign(key, "{}", payload);
			assert.equal("e30." .. base64.url(payload), token:match("^(.*)%."));
			assert(reader:open(token));
			assert.equal(payload, reader:payload(key));
		end
	end);

	it("reads what stands in a header", function ()
		assert.same({ a = 1 }, read_header("eyJhIjoxfQ"));
	end);

	for _, case in ipairs(refused) do
		it("refuses " .. case.name, function ()
			assert.same({ nil, "malformed" }, { read_header(case.text) });
		end);
		it(("refuses %s in a payload that is signed as it is"):format(case.name), function ()
			local input = "e30." .. case.text;
			assert(reader:open(input .. "." .. base64.url(openssl.hmac(secret, input))));
			assert.same({ nil, "malformed" }, { reader:claims(key) });
			assert.same({ nil, "malformed" }, { reader:payload(key) });
			assert.same({ nil, "malformed" }, { reader:unverified() });
			assert.same({ nil, "malformed" }, { reader:scan(core.selector({ { "iss" } })) });
		end);
	end

	it("knows 64 digits and no other byte, in each of the four places", function ()
		for place = 5, 8 do
			for byte = 0, 255 do
				local char = string.char(byte);
				local text = ("eyJhIjoxLCJiIjoyfQ"):sub(1, place - 1) .. char .. ("eyJhIjoxLCJiIjoyfQ"):sub(place + 1);
				if char ~= "." then
					local _, reason = read_header(text);
					local is_digit = base64.alphabet:find(char, 1, true) ~= nil;
					assert.equal(is_digit, reason ~= "malformed", ("byte %d in place %d"):format(byte, place));
				end
			end
		end
	end);

	it("has one spelling for each byte sequence", function ()
		local found = 0;
		for i = 1, 64 do
			local _, reason = read_header("eyJhIjoxf" .. base64.alphabet:sub(i, i));
			if reason ~= "malformed" then found = found + 1; end
		end
		assert.equal(4, found); -- 64 last characters, of which only those with four zero bits may stand
	end);
end);
