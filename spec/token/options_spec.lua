-- What a caller asks of a verifier: a mistake raises, naming the option, what was found and what was expected.

local meetauth = require "meetauth";
local openssl = require "spec.support.openssl";
local options = require "meetauth.token.options";

local secret = ("k"):rep(32);
local key = assert(meetauth.key({ alg = "HS256", secret = secret }));

local function with(given)
	local all = { keys = { key }, algorithms = { "HS256" } };
	for name, value in pairs(given) do all[name] = value; end
	return all;
end

local mistakes = {
	{ "no algorithms", { algorithms = false }, "algorithms: found false" };
	{ "an empty list of algorithms", { algorithms = {} }, "algorithms: found an empty list" };
	{ "none among the algorithms", { algorithms = { "HS256", "none" } }, 'algorithms: found "none", expected one of HS256' };
	{ "an algorithm that is none", { algorithms = { "HS256", "HS257" } }, 'algorithms: found "HS257", expected one of HS256' };
	{ "no keys", { keys = false }, "keys: found a boolean" };
	{ "a secret in the place of keys", { keys = secret }, "keys: found a string of 32 bytes, expected a table" };
	{ "keys by name", { keys = { [secret] = key } }, "keys: found a table with names, expected a table" };
	{ "a key behind a hole", { keys = { key, nil, key } }, "keys: found a list with an empty place at 2" };
	{ "an empty list of keys", { keys = {} }, "keys: found an empty list" };
	{ "one key without the list around it", { keys = key }, "keys: found a userdata, expected a table" };
	{ "a secret in a key's place", { keys = { secret } }, "keys[1]: found no key" };
	{ "a key of another algorithm", { algorithms = { "HS512" } }, "keys[1]: found a key bound to HS256" };
	{ "a negative leeway", { leeway = -1 }, "leeway: found -1" };
	{ "a leeway as a string", { leeway = "10" }, 'leeway: found "10"' };
	{ "a leeway that is NaN, with which nothing expires", { leeway = 0 / 0 }, "leeway: found " };
	{ "a max_age as a string", { max_age = "1h" }, 'max_age: found "1h"' };
	{ "a max_age that is NaN, with which nothing is too old", { max_age = 0 / 0 }, "max_age: found " };
	{ "a check that is no function", { check = "exp" }, 'check: found "exp"' };
	{ "an issuer that is no string", { issuer = 1 }, "issuer: found 1" };
	{ "a number among the audiences", { audience = { 1, "a" } }, "audience: found a list with 1 at 1" };
	{ "a size that is no number", { max_token = "x" }, 'max_token: found "x"' };
	{ "a size of nothing", { max_token = 0 }, "max_token: found 0" };
	{ "a size over a mebibyte", { max_token = 1048577 }, "max_token: found 1048577" };
	{ "more to remember than a key can", { remember = 4097 }, "remember: found 4097" };
	{ "less to remember than nothing", { remember = -1 }, "remember: found -1" };
	{ "an option that is none, such as a misspelt audience", { audiance = "jitsi" }, "audiance: found an option with this name" };
};

-- What is asked, and what an entry has of it.
local asked = {
	{ "no leeway and nothing else unless it is told to", {}, { leeway = 0.0 } };
	{ "lists as sets", { issuer = { "a", "b" }, audience = "c" },
		{ leeway = 0.0, issuer = { a = true, b = true }, audience = { c = true } } };
	{ "no issuer in particular for a star", { issuer = "*", audience = { "x", "*" } }, { leeway = 0.0 } };
	{ "seconds as they are", { leeway = 10, max_age = 3600 }, { leeway = 10.0, max_age = 3600 } };
	{ "claims that have to be there, also none", { require = {} }, { leeway = 0.0, require = {} } };
};

local function algorithms_of(_, _, keys)
	local list = {};
	for i, one in ipairs(keys) do list[i] = one:alg(); end
	return list;
end

describe("meetauth.token.options", function ()
	for _, case in ipairs(mistakes) do
		it("raises on " .. case[1], function ()
			local done, raised = pcall(options.read, with(case[2]), "meetauth.verifier");
			assert.is_false(done);
			assert.is_truthy(raised:find("meetauth.verifier: " .. case[3], 1, true), raised);
			assert.is_nil(raised:find("kkkk", 1, true));
		end);
	end

	it("raises on what is no table, and names the function", function ()
		for found, value in pairs({ ["nil"] = false, string = "HS256", userdata = key }) do
			local _, raised = pcall(options.read, value or nil, "meetauth.jws");
			assert.is_truthy(raised:find("meetauth.jws: found " .. found .. ", expected a table of options", 1, true), raised);
		end
	end);

	it("raises on every mistake at once", function ()
		local _, raised = pcall(options.read, with({ leeway = -1, max_age = "1h", audiance = "x" }), "meetauth.verifier");
		assert.same(2, select(2, raised:gsub("; ", "")));
	end);

	for _, case in ipairs(asked) do
		it("asks for " .. case[1], function ()
			assert.same(case[3], options.read(with(case[2]), "meetauth.verifier").asked);
		end);
	end

	it("takes a token of 16 KiB unless it is told otherwise", function ()
		assert.equal(16384, select(2, options.read(with({}), "meetauth.verifier")));
		assert.equal(4096, select(2, options.read(with({ max_token = 4096 }), "meetauth.verifier")));
	end);

	it("knows types as media types, in any case", function ()
		assert.same({ jwt = true, ["at+jwt"] = true },
			options.read(with({ typ = { "JWT", "application/at+JWT" } }), "meetauth.verifier").typ);
		assert.is_nil(options.read(with({}), "meetauth.verifier").typ);
	end);

	it("leaves out of a set, which somebody else wrote, what does not fit; of a caller's own list it raises", function ()
		local rsa = meetauth.key({ alg = "RS256", private = openssl.private("rsa") });
		local ec = meetauth.key({ private = openssl.private("P-256") });
		local set = assert(meetauth.jwks(assert(meetauth.jwks_of({ rsa, ec }))));
		assert.same({ "ES256" }, algorithms_of(options.read({ keys = set, algorithms = "ES256" }, "meetauth.verifier")));
		assert.same({}, algorithms_of(options.read({ keys = set, algorithms = "ES384" }, "meetauth.verifier")));
		assert.has_error(function () options.read({ keys = set.keys, algorithms = "ES256" }, "meetauth.verifier"); end);
	end);

	it("binds a key that names no algorithm to each that is accepted and fits", function ()
		local members = meetauth.key({ alg = "RS256", private = openssl.private("rsa") }):members();
		local set = assert(meetauth.jwks(('{"keys":[{"kty":"RSA","n":"%s","e":"%s"}]}'):format(members.n, members.e)));
		assert.same({ "PS256", "RS512" },
			algorithms_of(options.read({ keys = set, algorithms = { "PS256", "ES256", "RS512" } }, "meetauth.verifier")));
	end);
end);
