local keyurl = require "meetauth.key.url";

local addresses = {
	{ "https://keys.example", true };
	{ "https://keys.example/jwks?realm=staff", true };
	{ "HTTPS://Keys.Example:8443/", true };
	{ "https://[2001:db8::1]:8443/", true };
	{ "http://127.0.0.1:8080/jwks", true };
	{ "http://127.9.9.9/", true };
	{ "http://localhost/", true };
	{ "http://[::1]:80/", true };
	{ "http://keys.example/", false };
	{ "http://127.0.0.1.keys.example/", false };
	{ "http://localhost.keys.example/", false };
	{ "http://127.0.0.1@keys.example/", false };
	{ "https://me:password@keys.example/", false };
	{ "https://keys.example/#part", false };
	{ "https://keys.example/a b", false };
	{ "https://keys.example/\r\nHost: other", false };
	{ "https://keys.example\\@other/", false };
	{ "https://keys.example:0/", false };
	{ "https://keys.example:65536/", false };
	{ "https://keys.example:x/", false };
	{ "https:///jwks", false };
	{ "https://", false };
	{ "file:///etc/passwd", false };
	{ "keys.example", false };
	{ "", false };
	{ 7, false };
	{ "https://keys.example/" .. ("x"):rep(3000), false };
};

local base = "https://keys.example/realms/staff/certs?x=1";
local redirects = {
	{ base, "/other", "https://keys.example/other" };
	{ base, "new", "https://keys.example/realms/staff/new" };
	{ base, "https://keys.example/new", "https://keys.example/new" };
	{ base, "https://KEYS.example:443/new", "https://KEYS.example:443/new" };
	{ base, "//keys.example/new", "https://keys.example/new" };
	{ base, "https://keys.example:8443/new", nil };
	{ base, "https://evil.example/new", nil };
	{ base, "https://keys.example.evil.example/", nil };
	{ base, "//evil.example/new", nil };
	{ base, "http://keys.example/new", nil };
	{ base, "https://keys.example@evil.example/", nil };
	{ base, "javascript:alert(1)", nil };
	{ base, "", base }; -- RFC 3986 5.4
	{ base, "?v=2", "https://keys.example/realms/staff/certs?v=2" };
	{ base, "./?v=2", "https://keys.example/realms/staff/?v=2" };
	{ base, "../other", "https://keys.example/realms/other" };
	{ base, "../../../other", "https://keys.example/other" };
	{ base, "/a/../b/./c", "https://keys.example/b/c" };
	{ base, "https://keys.example/a/../b", "https://keys.example/b" };
	{ base, "..//evil.example/", "https://keys.example/realms//evil.example/" };
	{ base, "new?next=https://evil.example/", "https://keys.example/realms/staff/new?next=https://evil.example/" };
	{ base, "#part", nil };
	{ base, "new#part", nil };
	{ base, "\\\\evil.example/", nil };
	{ base, "///evil.example/", nil };
	{ base, ("../"):rep(1000), nil };
	{ "https://keys.example", "jwks", "https://keys.example/jwks" };
	{ "https://keys.example?x", "?y", "https://keys.example/?y" };
	{ base, nil, nil };
	{ "http://127.0.0.1:8080/a", "/b", "http://127.0.0.1:8080/b" };
	{ "http://127.0.0.1:8080/a", "http://127.0.0.1:9090/b", nil };
	{ "http://127.0.0.1:8080/a", "https://127.0.0.1:8443/b", "https://127.0.0.1:8443/b" };
	{ "https://[::1]:8443/a", "/b", "https://[::1]:8443/b" };
	{ "https://[::1]:8443/a", "?b", "https://[::1]:8443/a?b" };
};

describe("meetauth.key.url", function ()
	for _, case in ipairs(addresses) do
		it(("%s %q"):format(case[2] and "allows" or "refuses", tostring(case[1]):sub(1, 60)), function ()
			assert.equal(case[2], keyurl.is_allowed(case[1]));
		end);
	end

	it("allows plain http from anywhere where the operator does", function ()
		assert.is_true(keyurl.is_allowed("http://keys.example/", true));
		assert.is_false(keyurl.is_allowed("ftp://keys.example/", true));
	end);

	for _, case in ipairs(redirects) do
		it(("%s the redirect of %s to %s"):format(case[3] and "follows" or "does not follow", case[1], tostring(case[2])), function ()
			assert.equal(case[3], keyurl.redirect(case[1], case[2]));
		end);
	end

	it("finds a key on an ASAP server by its name's hash", function ()
		local address = "https://keys.example/asap/" -- FIPS 180-2 B.1
			.. "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.pem";
		assert.equal(address, keyurl.asap("https://keys.example/asap", "abc"));
		assert.equal(address, keyurl.asap("https://keys.example/asap/", "abc"));
		assert.matches("^https://keys%.example/%x+%.pem$", keyurl.asap("https://keys.example", "../../etc/passwd"));
	end);
end);
