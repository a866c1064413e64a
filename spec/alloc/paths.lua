--- The ways through the core that must survive a lack of memory: what is done, and whether it succeeds where
--- there is enough. What is bad stays refused, however little memory there is.

local meetauth = require "meetauth";
local base64 = require "spec.support.base64";
local core = require "meetauth.core";
local der = require "spec.support.der";
local openssl = require "spec.support.openssl";
local rfc = require "spec.support.rfc";

local NOW = 1700000000;
local secret = ("k"):rep(32);
local kinds = { RS256 = "rsa", PS256 = "rsa", ES256 = "P-256", EdDSA = "Ed25519" };
local algorithms = { "HS256", "RS256", "PS256", "ES256", "EdDSA" };
local claims = { iss = "joe", aud = { "jitsi", "other" }, exp = NOW + 60, iat = NOW, room = "r",
	context = { user = { name = "J\u{f6}", moderator = true }, list = { 1, 2.5, meetauth.null } } };

local paths = {};

local function good(name, run)
	paths[#paths + 1] = { name = name, run = run, good = true };
end

local function bad(name, run)
	paths[#paths + 1] = { name = name, run = run, good = false };
end

-- A private key, or the secret, under that algorithm.
local function signer(alg)
	if alg == "HS256" then return assert(meetauth.key { alg = alg, secret = secret }); end
	return assert(meetauth.key { alg = alg, private = openssl.private(kinds[alg]) });
end

local function forged(token)
	local input, signature = token:match("^(.*)%.(.-)$");
	local bytes = base64.bytes(signature);
	return input .. "." .. base64.url(bytes:sub(1, -2) .. string.char(bytes:byte(-1) ~ 1));
end

for _, alg in ipairs(algorithms) do
	local key = signer(alg);
	local verify = meetauth.verifier { keys = { key }, algorithms = { alg }, issuer = "joe", audience = "jitsi" };
	local strange = meetauth.verifier { keys = { key }, algorithms = { alg }, issuer = "ann" };
	local token = assert(meetauth.sign(key, claims));
	local forgery = forged(token);
	good(alg .. ": verify", function () return verify(token, NOW); end);
	bad(alg .. ": verify a forgery", function () return verify(forgery, NOW); end);
	bad(alg .. ": verify for another issuer", function () return strange(token, NOW); end);
	bad(alg .. ": verify too late", function () return verify(token, NOW + 60); end);
	good(alg .. ": sign", function () return meetauth.sign(key, claims); end);
	good(alg .. ": sign under a header", function () return meetauth.sign(key, claims, { kid = "1", typ = meetauth.null }); end);
	good(alg .. ": payload", function () return verify:payload(token); end);
	good(alg .. ": explain", function () return verify:explain(token, NOW); end);
	good(alg .. ": a new verifier's first token", function ()
		return meetauth.verifier({ keys = { key }, algorithms = { alg } })(token, NOW);
	end);
end

for _, alg in ipairs({ "RS256", "PS256", "ES256", "EdDSA" }) do
	local private, public = openssl.private(kinds[alg]), openssl.public(kinds[alg]);
	local key = signer(alg);
	local token = assert(meetauth.sign(key, claims));
	local remembering = assert(meetauth.key { alg = alg, public = public, remember = 4 });
	local verify = meetauth.verifier { keys = { remembering }, algorithms = { alg } };
	local members = key:jwk();
	local text = meetauth.jwks_of({ key }):match("^{\"keys\":%[(.*)%]}$");
	good(alg .. ": key from public PEM", function () return meetauth.key { alg = alg, public = public }; end);
	good(alg .. ": key from private PEM", function () return meetauth.key { alg = alg, private = private }; end);
	good(alg .. ": key from a JWK table", function () return meetauth.key { jwk = members }; end);
	good(alg .. ": key from JWK text", function () return meetauth.key { jwk = text }; end);
	good(alg .. ": key that remembers", function () return meetauth.key { alg = alg, public = public, remember = 4 }; end);
	good(alg .. ": verify what is remembered", function () return verify(token, NOW); end);
	good(alg .. ": jwk", function () return key:jwk(); end);
	good(alg .. ": pem", function () return key:pem(); end);
	good(alg .. ": thumbprint", function () return key:thumbprint(); end);
	good(alg .. ": jwks_of", function () return meetauth.jwks_of({ key }); end);
	good(alg .. ": bind", function () return key:bind(alg); end);
	bad(alg .. ": bind to a MAC", function () return key:bind("HS256"); end);
	bad(alg .. ": private PEM as public", function () return meetauth.key { alg = alg, public = private }; end);
	bad(alg .. ": private PEM behind public", function () return meetauth.key { alg = alg, public = public .. private }; end);
	bad(alg .. ": public PEM as a secret", function () return meetauth.key { alg = "HS256", secret = public }; end);
	bad(alg .. ": public PEM to sign", function () return meetauth.key { alg = alg, private = public }; end);
	local der_public = openssl.run("pkey -pubin -in <in> -outform DER -out <out>", public);
	local der_private = openssl.run("pkey -in <in> -outform DER -out <out>", private);
	good(alg .. ": key from public DER", function () return meetauth.key { alg = alg, public = der_public }; end);
	good(alg .. ": key from private DER", function () return meetauth.key { alg = alg, private = der_private }; end);
	bad(alg .. ": public DER as a secret", function () return meetauth.key { alg = "HS256", secret = der_public }; end);
	bad(alg .. ": private DER as public", function () return meetauth.key { alg = alg, public = der_private }; end);
end

good("HS256: key from a secret", function () return meetauth.key { alg = "HS256", secret = secret }; end);
good("HS512: key from a long secret", function () return meetauth.key { alg = "HS512", secret = secret:rep(8) }; end);
good("HS256: key from a JWK", function ()
	return meetauth.key { jwk = [[{"kty":"oct","alg":"HS256","k":"a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s"}]] };
end);
bad("HS256: short secret", function () return meetauth.key { alg = "HS256", secret = "k" }; end);

local certificate = openssl.certificate("P-256");
good("ES256: key from a certificate", function () return meetauth.key { alg = "ES256", public = certificate }; end);
bad("ES256: certificate as a secret", function () return meetauth.key { alg = "HS256", secret = certificate }; end);

-- RFC 7515 A.3, RFC 8037 A.1
good("ES256: key from a private JWK", function ()
	return meetauth.key { jwk = [[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
		"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}]] };
end);
good("EdDSA: key from a private JWK", function ()
	return meetauth.key { jwk = [[{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
		"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]] };
end);
bad("EdDSA: private JWK whose halves differ", function ()
	return meetauth.key { jwk = [[{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
		"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURA"}]] };
end);
bad("ES256: private JWK whose halves differ", function ()
	return meetauth.key { jwk = [[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
		"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LA"}]] };
end);
bad("ES256: JWK off its curve", function ()
	return meetauth.key { jwk = [[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
		"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1"}]] };
end);

local explicit = openssl.public("P-256 explicit");
bad("ES256: explicit parameters", function () return meetauth.key { alg = "ES256", public = explicit }; end);
local small = openssl.public("rsa-1024");
bad("RS256: 1024 bits", function () return meetauth.key { alg = "RS256", public = small }; end);
local n = base64.bytes(openssl.run("pkey -pubin -in <in> -outform DER -out <out>", openssl.public("rsa")) and "AQ");
local even = der.rsa(der.integer("\x80" .. ("\1"):rep(255)), der.integer("\2"));
bad("RS256: even exponent", function () return meetauth.key { alg = "RS256", public = even }; end);
local negative = der.rsa(der.raw_integer("\x80" .. ("\1"):rep(256)), der.integer("\1\0\1"));
bad("RS256: negative modulus", function () return meetauth.key { alg = "RS256", public = negative }; end);
local low_order = base64.pem("PUBLIC KEY", der.edwards("\1" .. ("\0"):rep(31)));
bad("EdDSA: small order", function () return meetauth.key { alg = "EdDSA", public = low_order }; end);
local off_curve = base64.pem("PUBLIC KEY", der.edwards("\2" .. ("\0"):rep(31)));
bad("EdDSA: off its curve", function () return meetauth.key { alg = "EdDSA", public = off_curve }; end);
local curve = openssl.public("P-384");
bad("ES256: another curve", function () return meetauth.key { alg = "ES256", public = curve }; end);

for _, vector in ipairs(rfc) do
	local key = assert(core.key.new(vector.alg, vector.kind, vector.key));
	good(vector.name .. ": payload", function ()
		return meetauth.jws(vector.token, { keys = { key }, algorithms = { vector.alg } });
	end);
end

local set = assert(meetauth.jwks_of({ signer("RS256"), signer("ES256"), signer("EdDSA") }));
good("jwks", function () return meetauth.jwks(set); end);
bad("jwks: duplicate kid", function () return meetauth.jwks([[{"keys":[{"kty":"oct","kid":"1"},{"kty":"oct","kid":"1"}]}]]); end);
bad("jwks: mixed", function () return meetauth.jwks([[{"keys":[{"kty":"oct","kid":"1"},{"kty":"RSA","kid":"2"}]}]]); end);

local document = '{"a":[1,2.5,"x\\u00f6",null,true,{}],"b":{"c":[[],[[]]],"d":"' .. ("y"):rep(300) .. '"}}';
good("decode", function () return core.decode(document); end);
bad("decode: duplicate", function () return core.decode('{"a":1,"b":{},"a":2}'); end);
bad("decode: cut off", function () return core.decode(document:sub(1, -2)); end);

local hmac = signer("HS256");
local reader = core.token.new(16384);
local selector = core.selector({ { "iss", "joe" }, { "d", "one" }, { "room" } });
assert(reader:open(meetauth.sign(hmac, claims)));
good("scan", function () return reader:scan(selector); end);
local twice = core.token.new(16384);
assert(twice:open(core.sign(hmac, "{}", '{"iss":"joe","iss":"joe"}')));
bad("scan: duplicate", function () return twice:scan(selector); end);
good("selector", function () return core.selector({ { "iss", "joe" }, { "d", "one" }, { "room" } }); end);
local token = assert(meetauth.sign(hmac, claims));
good("peek", function () return meetauth.peek(token); end);

for _, alg in ipairs({ "HS256", "ES256", "ES512", "ES256K", "EdDSA" }) do
	good(alg .. ": keygen", function () return meetauth.keygen { alg = alg }; end);
end
good("Ed448: keygen", function () return meetauth.keygen { alg = "EdDSA", crv = "Ed448" }; end);
bad("keygen: weak RSA", function () return meetauth.keygen { alg = "RS256", bits = 1024 }; end);

return paths;
