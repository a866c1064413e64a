-- src/key.c: the userdata, its arguments, and secrets.

local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local der = require "spec.support.der";
local growth = require "spec.support.growth";
local openssl = require "spec.support.openssl";

local secret = ("k"):rep(32);

local mistakes = {
	{ name = "no algorithm", n = 0 };
	{ name = "no kind", n = 1, "HS256" };
	{ name = "a kind that is none", n = 3, "HS256", "pem", secret };
	{ name = "no material", n = 2, "HS256", "secret" };
	{ name = "material that is no string", n = 3, "HS256", "secret", {} };
	{ name = "nil as material", n = 3, "HS256", "secret", nil };
	{ name = "a kid that is no string", n = 4, "HS256", "secret", secret, {} };
	{ name = "a kid that is a boolean", n = 4, "HS256", "secret", secret, true };
	{ name = "a mistake even with an algorithm that nobody knows", n = 4, "none", "secret", secret, {} };
};

-- What stands between the lines of PEM.
local function base64_of(pem) return pem:match("%-%-%-\n(.-)\n%-%-%-"); end

local no_secrets = { -- RFC 8725 3.1; CVE-2022-29217, CVE-2024-33663, CVE-2023-48223
	{ name = "a PEM public key", bytes = function () return openssl.public("P-256"); end };
	{ name = "a PEM private key", bytes = function () return openssl.private("P-256"); end };
	{ name = "a PEM certificate", bytes = function () return openssl.certificate("P-256"); end };
	{ name = "a PEM public key behind white space",
		bytes = function () return " \r\n\t" .. openssl.public("P-256"); end };
	{ name = "a PEM public key behind text", bytes = function () return "key: " .. openssl.public("P-256"); end };
	{ name = "the beginning of PEM", bytes = function () return "-----BEGIN PUBLIC KEY-----" .. secret; end };
	{ name = "a DER public key", bytes = function ()
		return openssl.run("pkey -pubin -in <in> -outform DER -out <out>", openssl.public("P-256"));
	end };
	{ name = "a DER private key", bytes = function ()
		return openssl.run("pkey -in <in> -outform DER -out <out>", openssl.private("P-256"));
	end };
	{ name = "a DER certificate", bytes = function ()
		return openssl.run("x509 -in <in> -outform DER -out <out>", openssl.certificate("P-256"));
	end };
	{ name = "an SSH key of RSA", bytes = function () return "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 me@here"; end };
	{ name = "an SSH key of Ed25519", bytes = function () return "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO"; end };
	{ name = "an SSH key of ECDSA", bytes = function () return "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHA"; end };
	{ name = "an SSH key of a token", bytes = function () return "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1"; end };
	{ name = "a JWK", bytes = function () return '{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMko"}'; end };
	{ name = "an SSH key in RFC 4716's armour", bytes = function ()
		return "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"me\"\nAAAAB3NzaC1yc2EAAAADAQABAAABAQC7\n---- END SSH2 PUBLIC KEY ----\n";
	end };
	{ name = "PEM behind a byte order mark", bytes = function () return "\u{FEFF}" .. openssl.public("P-256"); end };
	{ name = "a JWK behind a byte order mark",
		bytes = function () return '\u{FEFF}{"kty":"EC","crv":"P-256","x":"AyM1SysPpb"}'; end };
	{ name = "an SSH key behind a byte order mark",
		bytes = function () return "\u{FEFF}ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7"; end };
	{ name = "a list of JWKs", bytes = function () return '[ {"kty":"EC","crv":"P-256"}, {"kty":"RSA"} ]'; end };
	{ name = "a set of JWKs", bytes = function () return '{"keys":[{"kty":"EC","crv":"P-256"},{"kty":"RSA"}]}'; end };
	{ name = "bare base64 of a public key's DER", bytes = function () return base64_of(openssl.public("rsa")); end };
	{ name = "the same of an Ed25519 key", bytes = function () return base64_of(openssl.public("Ed25519")); end };
	{ name = "the same in one line without padding, as base64url", bytes = function ()
		return (base64_of(openssl.public("P-256")):gsub("[\n=]", ""):gsub("+", "-"):gsub("/", "_"));
	end };
	{ name = "the same of a private key", bytes = function () return base64_of(openssl.private("P-256")); end };
	{ name = "the same of a certificate, indented", bytes = function ()
		return (base64_of(openssl.certificate("P-256")):gsub("\n", "\r\n\t"));
	end };
	{ name = "DER with a length in more bytes than it needs", bytes = function ()
		return "\x30\x84\0\0\0\x28\x30\x0D" .. ("\1"):rep(38);
	end };
	{ name = "a JWK behind white space", bytes = function () return '\n {"use":"sig","kty":"RSA","n":"0vx7agoebGc"}'; end };
};

-- Bytes that are built like a key, which nobody can read: of an algorithm that is not known here, or damaged.
local function unreadable(name, bytes)
	no_secrets[#no_secrets + 1] = { name = name, bytes = function () return bytes; end };
end

local unknown = der.value(0x30, der.value(0x06, "\x2A\x03\x04"));
for _, size in ipairs({ 60, 200, 300 }) do
	local rest = der.value(0x03, ("\xAB"):rep(size));
	unreadable(("a DER public key of %d bytes that nobody can read"):format(size), der.value(0x30, unknown .. rest));
	unreadable(("a DER private key of %d bytes that nobody can read"):format(size),
		der.value(0x30, der.raw_integer("\0") .. unknown .. rest));
end
-- Three bytes of length where one would do.
unreadable("a DER public key with a long length", "\x30\x83\0\0\x29" .. unknown .. ("\xAB"):rep(34));

local secrets = {
	{ name = "of letters that are base64 and begin as that of DER does", bytes = "MIIB" .. ("k"):rep(40) };
	{ name = "that begins with the character 0", bytes = ("0"):rep(64) };
	{ name = "that begins with an opening bracket", bytes = "[" .. secret };
	{ name = "that begins with a byte order mark", bytes = "\u{FEFF}" .. secret };
	{ name = "that is mostly hyphens", bytes = ("---- "):rep(10) };
	{ name = "of letters", bytes = secret };
	{ name = "with NULs", bytes = ("\0"):rep(31) .. "k" };
	{ name = "of 32 NULs", bytes = ("\0"):rep(32) };
	{ name = "with a newline at its end", bytes = ("k"):rep(31) .. "\n" };
	{ name = "of random bytes that begin as DER does", bytes = "\x30\x82" .. ("\xAB"):rep(40) };
	{ name = "of DER that is no sequence", bytes = der.value(0x31, unknown .. ("\xAB"):rep(32)) };
	{ name = "of DER with other things in it", bytes = der.value(0x30, der.value(0x04, ("\xAB"):rep(32))) };
	{ name = "of DER and a byte", bytes = der.value(0x30, unknown .. ("\xAB"):rep(32)) .. "\0" };
	{ name = "of DER that lacks a byte", bytes = der.value(0x30, unknown .. ("\xAB"):rep(32)):sub(1, -2) };
	{ name = "of DER with a sequence in it that is too long", bytes = der.value(0x30, "\x30\x7E" .. ("\xAB"):rep(32)) };
	{ name = "of hexadecimal digits", bytes = ("0123456789abcdef"):rep(4) };
	{ name = "longer than a block of the hash", bytes = ("long"):rep(100) };
	{ name = "that begins with a brace", bytes = "{" .. secret };
};

describe("a key", function ()
	it("tells its algorithm and its kid", function ()
		local key = core.key.new("HS384", "secret", secret, "2026-01", true);
		assert.equal("HS384", key:alg());
		assert.equal("2026-01", key:kid());
	end);

	it("has no kid unless it got one", function ()
		assert.is_nil(core.key.new("HS256", "secret", secret):kid());
		assert.equal("", core.key.new("HS256", "secret", secret, ""):kid());
	end);

	it("is printed without its material", function ()
		assert.equal("meetauth.key (HS256)", tostring(core.key.new("HS256", "secret", secret, "kid")));
	end);

	it("can sign where it holds a secret or a private key", function ()
		assert.is_true(core.key.new("HS256", "secret", secret):can_sign());
		assert.is_true(core.key.new("ES256", "private", openssl.private("P-256")):can_sign());
		assert.is_false(core.key.new("ES256", "public", openssl.public("P-256")):can_sign());
	end);

	it("says not-private where it can't sign", function ()
		local key = core.key.new("ES256", "public", openssl.public("P-256"));
		assert.same({ nil, "not-private" }, { core.sign(key, "{}", "{}") });
	end);

	it("is of no use once it is closed", function ()
		local kept;
		do
			local key <close> = core.key.new("HS256", "secret", secret);
			kept = key;
			assert.equal("HS256", kept:alg());
		end
		local reader = core.token.new(100);
		reader:open("e30.e30.AA");
		assert.has_error(function () kept:alg(); end);
		assert.has_error(function () kept:kid(); end);
		assert.equal("meetauth.key (closed)", tostring(kept));
		assert.has_error(function () core.sign(kept, "{}", "{}"); end);
		assert.has_error(function () reader:claims(kept); end);
	end);

	it("may be closed twice", function ()
		local key = core.key.new("HS256", "secret", secret);
		local close = getmetatable(key) and getmetatable(key).__close;
		if close then close(key); close(key); end
		assert.has_error(function () core.sign({}, "{}", "{}"); end);
	end);

	for _, case in ipairs(mistakes) do
		it("raises on " .. case.name, function ()
			assert.has_error(function () core.key.new(table.unpack(case, 1, case.n)); end);
		end);
	end

	it("of an HMAC algorithm is a secret, never a public key (CVE-2015-9235)", function ()
		for _, kind in ipairs({ "public", "private" }) do
			assert.same({ nil, "not-secret" }, { core.key.new("HS256", kind, openssl.private("P-256")) });
			assert.same({ nil, "not-secret" }, { core.key.new("HS256", kind, secret) });
		end
	end);

	it("of any other algorithm is no secret", function ()
		for _, alg in ipairs(core.algorithms()) do
			if not alg:find("^HS") then
				assert.same({ nil, "key-type-mismatch" }, { core.key.new(alg, "secret", ("k"):rep(64)) });
			end
		end
	end);

	for _, case in ipairs(no_secrets) do
		it(("does not take %s for a secret"):format(case.name), function ()
			assert.same({ nil, "not-secret" }, { core.key.new("HS256", "secret", case.bytes()) });
			assert.same({ nil, "not-secret" }, { core.key.new("HS256", "secret", case.bytes(), nil, true) });
		end);
	end

	for _, case in ipairs(secrets) do
		it(("takes a secret %s for what it is (against openssl's HMAC)"):format(case.name), function ()
			local token = assert(core.sign(core.key.new("HS256", "secret", case.bytes), "{}", "[]"));
			assert.equal("e30.W10." .. base64.url(openssl.hmac(case.bytes, "e30.W10")), token);
		end);
	end

	it("of a secret is made as quickly whatever the secret begins with #growth", function ()
		local function make(size) return ("0"):rep(size); end
		assert.is_true(growth.is_linear(function (bytes) assert(core.key.new("HS256", "secret", bytes)); end, make));
		local function time(first)
			local best = math.huge;
			for _ = 1, 5 do
				local started = os.clock();
				for _ = 1, 50 do core.key.new("HS256", "secret", first .. secret); end
				best = math.min(best, os.clock() - started);
			end
			return best;
		end
		assert.is_true(time("0") < 10 * time("k"));
	end);

	it("tells two secrets apart that differ in one byte", function ()
		local reader = core.token.new(100);
		assert(reader:open(core.sign(core.key.new("HS256", "secret", secret), "{}", "{}")));
		for i = 1, #secret do
			local other = core.key.new("HS256", "secret", secret:sub(1, i - 1) .. "l" .. secret:sub(i + 1));
			assert.same({ nil, "signature-mismatch" }, { reader:claims(other) });
		end
	end);

	it("counts a secret's bytes beyond a NUL", function ()
		local reader = core.token.new(100);
		local one = core.key.new("HS256", "secret", ("a"):rep(32) .. "\0b");
		local other = core.key.new("HS256", "secret", ("a"):rep(32) .. "\0c");
		assert(reader:open(core.sign(one, "{}", "{}")));
		assert.same({}, reader:claims(one));
		assert.same({ nil, "signature-mismatch" }, { reader:claims(other) });
	end);
end);
