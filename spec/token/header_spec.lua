local core = require "meetauth.core";
local header = require "meetauth.token.header";

local key = core.key.new("HS256", "secret", ("k"):rep(32));

local function read(text, reader)
	reader = reader or core.token.new(4096);
	local known = reader:open(core.sign(key, text, "{}"));
	if known ~= true then return known; end
	return header.read(reader);
end

local cases = {
	{ name = "reads alg", text = '{"alg":"HS256"}', record = { alg = "HS256" } };
	{ name = "reads alg, kid and typ", text = '{"typ":"JWT","alg":"ES256","kid":"2026-01"}',
		record = { alg = "ES256", kid = "2026-01", typ = "jwt" } };
	{ name = "leaves alg as it is", text = '{"alg":"hs256 "}', record = { alg = "hs256 " } };
	{ name = "leaves kid as it is", text = '{"alg":"A","kid":"../K\\u0000 "}', record = { alg = "A", kid = "../K\0 " } };
	{ name = "shortens a media type", text = '{"alg":"A","typ":"application/AT+JWT"}', record = { alg = "A", typ = "at+jwt" } };
	{ name = "keeps nothing else, keys and URLs least of all (CVE-2018-0114)",
		text = '{"alg":"A","jwk":{"kty":"oct","k":"AA"},"jku":"https://evil.example","x5u":"u","x5c":["c"],"x5t":"t","zip":"DEF"}',
		record = { alg = "A" } };
	{ name = "takes a kid of 256 bytes", text = '{"alg":"A","kid":"' .. ("k"):rep(256) .. '"}',
		record = { alg = "A", kid = ("k"):rep(256) } };
	{ name = "takes another cty", text = '{"alg":"A","cty":"json"}', record = { alg = "A" } };
	{ name = "takes b64 where it is true", text = '{"alg":"A","b64":true}', record = { alg = "A" } };

	{ name = "asks for alg", text = "{}", reason = "bad-header" };
	{ name = "asks for alg by its own name", text = '{"Alg":"HS256"}', reason = "bad-header" };
	{ name = "refuses null as alg", text = '{"alg":null}', reason = "bad-header" };
	{ name = "refuses a number as alg", text = '{"alg":256}', reason = "bad-header" };
	{ name = "refuses a list as alg", text = '{"alg":["HS256"]}', reason = "bad-header" };
	{ name = "refuses an object as alg", text = '{"alg":{}}', reason = "bad-header" };
	{ name = "refuses a number as kid", text = '{"alg":"A","kid":1}', reason = "bad-header" };
	{ name = "refuses null as kid", text = '{"alg":"A","kid":null}', reason = "bad-header" };
	{ name = "refuses an object as kid", text = '{"alg":"A","kid":{"kid":"x"}}', reason = "bad-header" };
	{ name = "refuses a kid of 257 bytes", text = '{"alg":"A","kid":"' .. ("k"):rep(257) .. '"}', reason = "bad-header" };
	{ name = "refuses false as typ", text = '{"alg":"A","typ":false}', reason = "bad-header" };
	{ name = "refuses a list as typ", text = '{"alg":"A","typ":["JWT"]}', reason = "bad-header" };
	{ name = "refuses a number as cty", text = '{"alg":"A","cty":1}', reason = "bad-header" };

	{ name = "refuses crit (RFC 7515 4.1.11)", text = '{"alg":"A","crit":["exp"],"exp":1}', reason = "critical-extension" };
	{ name = "refuses crit with b64", text = '{"alg":"A","crit":["b64"],"b64":false}', reason = "critical-extension" };
	{ name = "refuses an empty crit", text = '{"alg":"A","crit":[]}', reason = "critical-extension" };
	{ name = "refuses crit that is null", text = '{"alg":"A","crit":null}', reason = "critical-extension" };
	{ name = "refuses crit that is false", text = '{"alg":"A","crit":false}', reason = "critical-extension" };

	{ name = "refuses enc (CVE-2024-33531)", text = '{"alg":"A","enc":"A128GCM"}', reason = "unsupported" };
	{ name = "refuses enc that is false", text = '{"alg":"A","enc":false}', reason = "unsupported" };
	{ name = "refuses b64 = false (RFC 7797 7)", text = '{"alg":"A","b64":false}', reason = "unsupported" };
	{ name = "refuses a nested token", text = '{"alg":"A","cty":"JWT"}', reason = "unsupported" };
	{ name = "refuses a nested token by its media type", text = '{"alg":"A","cty":"application/jwt"}', reason = "unsupported" };

	{ name = "refuses an array", text = "[]", reason = "bad-json" };
	{ name = "refuses null", text = "null", reason = "bad-json" };
	{ name = "refuses alg that comes twice", text = '{"alg":"none","alg":"HS256"}', reason = "duplicate-member" };
};

local types = {
	{ "JWT", "jwt" }, { "jwt", "jwt" }, { "application/jwt", "jwt" }, { "Application/JWT", "jwt" }, { "at+jwt", "at+jwt" },
	{ "application/application/jwt", "application/jwt" }, { "x/application/jwt", "x/application/jwt" },
	{ "text/plain", "text/plain" }, { "", "" },
};

describe("meetauth.token.header", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local record, reason = read(case.text);
			assert.same(case.record, record);
			assert.equal(case.reason, reason);
		end);
	end

	for _, case in ipairs(types) do
		it(("shortens %q to %q"):format(case[1], case[2]), function ()
			assert.equal(case[2], header.short_type(case[1]));
			assert.equal(1, select("#", header.short_type(case[1])));
		end);
	end

	it("is read once for each distinct header", function ()
		local reader = core.token.new(4096);
		local first = read('{"alg":"HS256"}', reader);
		assert.equal(first, read('{"alg":"HS256"}', reader));
		assert.not_equal(first, read('{"alg":"HS256"}'));
	end);

	it("remembers no header that was refused", function ()
		local reader = core.token.new(4096);
		for _ = 1, 2 do
			assert.same({ nil, "critical-extension" }, { read('{"alg":"A","crit":["x"]}', reader) });
		end
	end);
end);
