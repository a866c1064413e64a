-- Keys that stand in files: read at load, and again when a file has changed.

local secret_of = require "spec.support.secret";
local core = require "meetauth.core";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local openssl = require "spec.support.openssl";
local verifier = require "meetauth.token.verifier";

local set, null = keyworld.set, meetauth.null;
local s1, s2 = secret_of("1"), secret_of("2");

describe("A key file", function ()
	local function from(fields, files)
		fields.jwks_url = null;
		return keyworld.new({ fields }, { files = files });
	end

	it("is read at load, one or several, beside keys in the configuration", function ()
		local world = from({ secret = s1, secret_file = { "/a", "/b" }, algorithms = null },
			{ ["/a"] = s2, ["/b"] = secret_of("3", 40) });
		assert.same({}, world.warnings);
		assert.equal(3, #world.keys(1));
	end);

	it("with a secret loses one newline at the end, which is told", function ()
		for _, ending in ipairs({ "\n", "\r\n" }) do
			local world = from({ secret_file = "/a", algorithms = null }, { ["/a"] = s1 .. ending });
			local token = meetauth.sign(meetauth.key { alg = "HS256", secret = s1 }, { iss = "portal" });
			assert.is_table(verifier.of_entries(world.entries, 4096, world.chain.keys)(token, 0));
			assert.matches('^meetauth_issuers%[1%]%.secret_file%[1%]: "/a" ends with a newline, which is not a part of the secret', world.warnings[1]);
		end
		local world = from({ secret_file = "/a", algorithms = null }, { ["/a"] = s1 .. "\n\n" });
		local token = meetauth.sign(meetauth.key { alg = "HS256", secret = s1 .. "\n" }, { iss = "portal" });
		assert.is_table(verifier.of_entries(world.entries, 4096, world.chain.keys)(token, 0));
	end);

	it("with a JWK set keeps each key's kid and alg", function ()
		local world = from({ jwks_file = "/set", algorithms = { "ES256", "RS256" } }, { ["/set"] = set("a", "b") });
		assert.equal("a b", world.kids());
	end);

	for _, case in ipairs({
		{ name = "that is not there", fields = { secret_file = "/a" },
			says = 'secret_file[1]: found "/a" (not there), expected a file' };
		{ name = "that is empty", fields = { secret_file = "/a" }, text = "", says = "(weak-secret)" };
		{ name = "with nothing but a newline", fields = { secret_file = "/a" }, text = "\n", says = "(weak-secret)" };
		{ name = "with a short secret", fields = { secret_file = "/a" }, text = "short\n",
			says = 'found "/a" with 6 bytes (weak-secret)' };
		{ name = "with a PEM key as a secret", fields = { secret_file = "/a" }, text = openssl.public("rsa"), says = "(not-secret)" };
		{ name = "with a key of another type",
			fields = { public_key_file = "/a", algorithms = "RS256" }, text = openssl.public("P-256"),
			says = "public_key_file[1]: found " };
		{ name = "with no set",
			fields = { jwks_file = "/a", algorithms = "RS256" }, text = "{}", says = "(bad-set), expected a JWK set for RS256" };
		{ name = "with a set of other keys",
			fields = { jwks_file = "/a", algorithms = "RS256" }, text = set("a"), says = "(algorithm-mismatch)" };
		{ name = "with an empty set", fields = { jwks_file = "/a", algorithms = "RS256" }, text = '{"keys":[]}', says = "(no key)" };
		{ name = "with secrets in a set", fields = { jwks_file = "/a", algorithms = "HS256" }, says = "(not-public)",
			text = '{"keys":[{"kty":"oct","alg":"HS256","k":"' .. core.base64url(s1) .. '"}]}' };
	}) do
		it(case.name .. " stops the load", function ()
			case.fields.algorithms = case.fields.algorithms or null;
			local world = from(case.fields, { ["/a"] = case.text });
			local text = table.concat(world.problems, "\n");
			assert.is_truthy(text:find(case.says, 1, true), text);
			assert.is_nil(text:find("short\n", 1, true));
		end);
	end

	it("with another entry's secret stops the load, wherever that one has it", function ()
		for _, other in ipairs({ { secret = s1 }, { secret_file = "/b" } }) do
			other.jwks_url, other.algorithms, other.issuer = null, null, "other";
			local world = keyworld.new({ other, { jwks_url = null, secret_file = "/a", algorithms = null } },
				{ files = { ["/a"] = s1 .. "\n", ["/b"] = s1 } });
			assert.matches("secret_file%[1%]: found the secret of the entry", world.problems[1]);
		end
	end);

	describe("that changes", function ()
		local function changing()
			return from({ secret_file = "/a", algorithms = null }, { ["/a"] = s1 });
		end

		it("counts from the next second on, and is read only then", function ()
			local world = changing();
			world.pass(10);
			assert.equal(0, world.changes);
			world.write("/a", s2);
			world.pass(1);
			assert.equal(1, world.changes);
			local token = meetauth.sign(meetauth.key { alg = "HS256", secret = s2 }, { iss = "portal" });
			assert.is_table(verifier.of_entries(world.entries, 4096, world.chain.keys)(token, 0));
		end);

		it("to something broken changes nothing, and is told once", function ()
			local world = changing();
			local before = world.keys(1);
			for _, text in ipairs({ "short", "short" }) do
				world.write("/a", text);
				world.pass(5);
			end
			assert.equal(1, #world.told);
			assert.matches("^error: meetauth_issuers%[1%]%.secret_file%[1%]: found .* The previous keys stay in use$", world.told[1]);
			world.write("/a", nil);
			world.pass(5);
			assert.equal(2, #world.told);
			assert.equal(before, world.keys(1));
			assert.equal(0, world.changes);
		end);

		it("to another entry's secret changes nothing", function ()
			local world = keyworld.new({ { jwks_url = null, secret_file = "/a", algorithms = null },
				{ jwks_url = null, secret = s2, algorithms = null, issuer = "other" } }, { files = { ["/a"] = s1 } });
			world.write("/a", s2);
			world.pass(1);
			assert.matches("found the secret of the entry \"e2\"", world.told[1]);
			assert.equal(0, world.changes);
		end);

		it("to keys that may not count for another reason changes nothing", function ()
			local world = keyworld.new({ { jwks_url = null, secret_file = "/a", algorithms = null } },
				{ files = { ["/a"] = s1 }, refuse = function (entry, found) return entry.id .. ": no, " .. found[1].key:alg(); end });
			world.write("/a", s2);
			world.pass(1);
			assert.same({ "error: e1: no, HS256. The previous keys stay in use" }, world.told);
			assert.equal(0, world.changes);
		end);
	end);
end);
