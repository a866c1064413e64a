-- What entries hold: their keys, and which other entry has a secret of theirs.

local secret_of = require "spec.support.secret";
local core = require "meetauth.core";
local keyheld = require "meetauth.key.held";
local keyparse = require "meetauth.key.parse";

local s1, s2 = secret_of("1"), secret_of("2");

-- An entry with these secrets in its configuration and, each in a file, those; and what the files gave.
local documents = {};
local function entry(id, inline, filed)
	local made = { id = id, algorithms = { "HS256" }, inline = {}, sources = {} };
	for i, secret in ipairs(inline) do
		local found = assert(keyparse.secret(made, secret)).found[1];
		found.source = { kind = "secret", label = ("secret[%d]"):format(i) };
		made.inline[i] = found;
	end
	for i, secret in ipairs(filed or {}) do
		made.sources[i] = { kind = "secret_file", at = "/" .. i };
		documents[made.sources[i]] = secret and assert(keyparse.secret(made, secret)) or nil;
	end
	return made;
end

-- Whether this is the key of that secret.
local function signs(found, secret)
	local head, key = '{"alg":"HS256"}', core.key.new("HS256", "secret", secret);
	return core.sign(found.key, head, "{}") == core.sign(key, head, "{}");
end

describe("what an entry holds", function ()
	it("is the keys of its configuration, then those of its files", function ()
		local one = entry("a", { s1 }, { false, s2 });
		local keys = keyheld.of({ one }, documents)[one];
		assert.equal(2, #keys);
		assert.is_true(signs(keys[1], s1) and signs(keys[2], s2));
		assert.equal(1, #keyheld.of({ one })[one]);
	end);

	it("is no list of the entry's own", function ()
		local one = entry("a", { s1 });
		table.insert(keyheld.by(one, {}), "more");
		assert.equal(1, #one.inline);
	end);
end);

describe("a secret", function ()
	local a, b = entry("a", { s1 }), entry("b", { s2 });
	local cases = {
		{ "of its own", { b }, a };
		{ "in another's configuration", { b, entry("c", { s1 }) }, a, "c" };
		{ "in another's file", { b, entry("c", {}, { s1 }) }, a, "c" };
		{ "in its own configuration twice", {}, entry("d", { s1, s1 }), "d" };
		{ "in its own configuration and file", {}, entry("d", { s1 }, { s1 }) };
		{ "that another's file may have, which is not read", { entry("c", {}, { false }) }, a };
	};
	for _, case in ipairs(cases) do
		it(("%s is shared with %s"):format(case[1], case[4] or "nobody"), function ()
			local other = keyheld.claim(keyheld.claims(case[2], documents), case[3], keyheld.by(case[3], documents));
			assert.equal(case[4], other and other.id);
		end);
	end
end);
