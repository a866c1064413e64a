-- Public keys as people have them, read by the core.

local core = require "meetauth.core";
local meetauth = require "meetauth";
local growth = require "spec.support.growth";
local openssl = require "spec.support.openssl";
local publictext = require "meetauth.key.publictext";

local pem = openssl.public("P-256");
local body = pem:match("%-%-%-%-%-\n(.-)\n%-%-%-%-%-"):gsub("\n", "");
local wanted = assert(core.key.new("ES256", "public", pem)):thumbprint();

describe("meetauth.key.publictext", function ()
	for _, case in ipairs({
		{ "as it is", pem },
		{ "with a byte order mark before it", "\xEF\xBB\xBF" .. pem },
		{ "indented as the Lua table around it", "\n\t\t" .. pem:gsub("\n", "\n\t\t") },
		{ "indented from its first line on", "  " .. pem:gsub("\n", "\n  ") },
		{ "with lines that end in CRLF", (pem:gsub("\n", "\r\n  ")) },
		{ "without BEGIN and END, as Keycloak's button gives it", body },
		{ "likewise, with lines", (body:gsub(("."):rep(20), "%0\n")) },
		{ "likewise, after a byte order mark", "\xEF\xBB\xBF" .. body },
	}) do
		it("reads a key " .. case[1], function ()
			assert.equal(wanted, assert(meetauth.key({ alg = "ES256", public = case[2] })):thumbprint());
		end);
	end

	it("leaves alone what is neither PEM nor base64 of a key", function ()
		for _, text in ipairs({ "", "secret", "MMMM=MMM", "\x30\x82", "ssh-rsa AAAA", body .. "A" }) do
			assert.equal(text, publictext.read(text));
		end
	end);

	it("takes a private key for none", function ()
		local private = openssl.private("P-256"):match("%-%-%-%-%-\n(.-)\n%-%-%-%-%-");
		assert.same({ nil, "bad-key" }, { meetauth.key({ alg = "ES256", public = private }) });
	end);

	it("takes a time that grows as the text does #growth", function ()
		for _, make in ipairs({
			function (n) return ("MMMM"):rep(n // 4); end, function (n) return "-----BEGIN " .. ("\n "):rep(n); end,
			function (n) return (" "):rep(n); end, function (n) return "-----BEGIN " .. ("\n"):rep(n) .. (" "):rep(n); end,
		}) do assert.is_true(growth.is_linear(publictext.read, make)); end
	end);
end);
