--- The ways through the core that must survive a lack of memory: what is done, and whether it succeeds where
--- there is enough. What is bad stays refused, however little memory there is.

local meetauth = require "meetauth";
local by_word = require "meetauth.reasons".by_word;
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

-- is_sound(result, usual): where a result may differ from the usual one. swallowed: what OpenSSL says, and nothing
-- else, where one allocation fails within it.
local function good(name, run, is_sound, swallowed)
	paths[#paths + 1] = { name = name, run = run, good = true, is_sound = is_sound, swallowed = swallowed };
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

-- The same checks; one that failed says why.
local function is_explained(rows, usual)
	for i, row in ipairs(rows) do
		if row.check ~= usual[i].check or row.verdict == "fail" and not by_word[row.reason] then return false; end
	end
	return true;
end

-- What OpenSSL keeps once it was asked why a key is none.
for _, alg in ipairs(core.algorithms()) do meetauth.key { alg = alg, public = "no key" }; end
for _, crv in ipairs({ "P-256", "P-384", "P-521", "secp256k1", "Ed25519", "Ed448" }) do
	meetauth.key { jwk = { kty = crv:find("^Ed") and "OKP" or "EC", crv = crv } };
end

for _, alg in ipairs(algorithms) do
	local key = signer(alg);
	local verify = meetauth.verifier { keys = { key }, algorithms = { alg }, issuer = "joe", audience = "jitsi" };
	local strange = meetauth.verifier { keys = { key }, algorithms = { alg }, issuer = "ann" };
	local token = assert(meetauth.sign(key, claims));
	local forgery = forged(token);
	local swallowed = alg == "EdDSA" and "signature-mismatch" or nil;
	good(alg .. ": verify", function () return verify(token, NOW); end, nil, swallowed);
	bad(alg .. ": verify a forgery", function () return verify(forgery, NOW); end);
	bad(alg .. ": verify for another issuer", function () return strange(token, NOW); end);
	bad(alg .. ": verify too late", function () return verify(token, NOW + 60); end);
	local function is_signed(signed) return verify:payload(signed) == verify:payload(token); end
	good(alg .. ": sign", function () return meetauth.sign(key, claims); end, is_signed);
	good(alg .. ": sign under a header", function () return meetauth.sign(key, claims, { kid = "1" }); end, is_signed);
	good(alg .. ": payload", function () return verify:payload(token); end, nil, swallowed);
	good(alg .. ": explain", function () return verify:explain(token, NOW); end, is_explained);
	good(alg .. ": a new verifier's first token", function ()
		return meetauth.verifier({ keys = { key }, algorithms = { alg } })(token, NOW);
	end, nil, swallowed);
end

for _, alg in ipairs({ "RS256", "ES256", "EdDSA" }) do
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
	good(alg .. ": key from JWK text that remembers", function () return meetauth.key { jwk = text, remember = 4 }; end);
	good(alg .. ": verify what is remembered", function () return verify(token, NOW); end, nil,
		alg == "EdDSA" and "signature-mismatch" or nil);
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
end

local rsa = signer("RS256");
good("PS256: bind", function () return rsa:bind("PS256"); end);

-- OpenSSL allocates twelve thousand times to see that DER is no private key: one key stands for all.
local der_public = openssl.run("pkey -pubin -in <in> -outform DER -out <out>", openssl.public("P-256"));
local der_private = openssl.run("pkey -in <in> -outform DER -out <out>", openssl.private("P-256"));
good("ES256: key from public DER", function () return meetauth.key { alg = "ES256", public = der_public }; end);
good("ES256: key from private DER", function () return meetauth.key { alg = "ES256", private = der_private }; end);
bad("ES256: public DER as a secret", function () return meetauth.key { alg = "HS256", secret = der_public }; end);
bad("ES256: private DER as public", function () return meetauth.key { alg = "ES256", public = der_private }; end);

local names = { text = ("x"):rep(3000), list = { 1, 2.5, { a = "b" } } };
for i = 1, 40 do names["name " .. i] = i; end
good("JSON: many names and long texts, written", function () return core.encode(names); end);

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

-- Long things, and what is rarely used.
local numbers = {};
for _, name in ipairs({ "n", "e", "d", "p", "q", "dp", "dq", "qi" }) do
	numbers[name] = base64.url(openssl.number(openssl.private("rsa"), name));
end
numbers.kty, numbers.alg = "RSA", "RS256";
good("RS256: key from a private JWK", function () return meetauth.key { jwk = numbers }; end);
local unbound = assert(core.key.new(nil, "public", openssl.public("rsa")));
good("PS256: bind and remember", function () return unbound:bind("PS256", 16); end);
local long = ("long "):rep(20000);
good("base64url of much", function () return core.base64url(long); end);
local mac = signer("HS256");
local signed = core.sign(mac, '{"alg":"HS256","kid":"1"}', long);
good("HS256: sign much", function () return core.sign(mac, "{}", long); end);
good("a new reader's first header", function ()
	local fresh = core.token.new(200000);
	assert(fresh:open(signed));
	return fresh:header();
end);
local many = {};
for i = 1, 3000 do many[i] = ('"m%d":%d'):format(i, i); end
many = "{" .. table.concat(many, ",") .. "}";
local again = many:gsub("}$", ',"m7":1}');
good("decode 3,000 members", function () return core.decode(many); end);
bad("decode 3,000 members and one of them again", function () return core.decode(again); end);
local goldilocks = openssl.private("Ed448");
local ed448 = assert(meetauth.key { alg = "EdDSA", private = goldilocks });
local of_ed448 = meetauth.verifier { keys = { ed448 }, algorithms = { "EdDSA" } };
local by_ed448 = assert(meetauth.sign(ed448, claims));
good("Ed448: key from private PEM", function () return meetauth.key { private = goldilocks }; end);
good("Ed448: verify", function () return of_ed448(by_ed448, NOW); end, nil, "signature-mismatch");
bad("Ed448: verify a forgery", function () return of_ed448(forged(by_ed448), NOW); end);
good("Ed448: sign", function () return meetauth.sign(ed448, claims); end);
local locked = openssl.run("pkcs8 -topk8 -passout pass:secret -in <in> -out <out>", openssl.private("P-256"));
bad("ES256: encrypted PEM", function () return meetauth.key { alg = "ES256", private = locked }; end);
bad("ES256: encrypted PEM as public", function () return meetauth.key { alg = "ES256", public = locked }; end);

local explicit = openssl.public("P-256 explicit");
bad("ES256: explicit parameters", function () return meetauth.key { alg = "ES256", public = explicit }; end);
local small = openssl.public("rsa-1024");
bad("RS256: 1024 bits", function () return meetauth.key { alg = "RS256", public = small }; end);
local even = base64.pem("PUBLIC KEY", der.rsa(der.integer("\x80" .. ("\1"):rep(255)), der.integer("\2")));
bad("RS256: even exponent", function () return meetauth.key { alg = "RS256", public = even }; end);
local negative = base64.pem("PUBLIC KEY", der.rsa(der.raw_integer("\x80" .. ("\1"):rep(256)), der.integer("\1\0\1")));
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
	end, nil, vector.alg == "EdDSA" and "signature-mismatch" or nil);
end

local set = assert(meetauth.jwks_of({ signer("RS256"), signer("ES256"), signer("EdDSA") }));
good("jwks", function () return meetauth.jwks(set); end, function (result, usual) -- keys may be missing, with a reason
	for _, skipped in ipairs(result.skipped) do
		if not by_word[skipped.reason] then return false; end
	end
	return #result.keys + #result.skipped == #usual.keys;
end);
local function oct(byte) return ('{"kty":"oct","alg":"HS256","kid":"1","k":"%s"}'):format(byte:rep(43)); end
bad("jwks: duplicate kid", function () return meetauth.jwks(('{"keys":[%s,%s]}'):format(oct("A"), oct("E"))); end);
bad("jwks: mixed", function () return meetauth.jwks((set:gsub('"keys":%[', '"keys":[' .. oct("A") .. ",", 1))); end);

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
good("selector", function () return core.selector({ { "iss", "joe" }, { "d", "one" }, { "room" } }); end, function (result)
	return type(result) == "userdata";
end);
local token = assert(meetauth.sign(hmac, claims));
good("peek", function () return meetauth.peek(token); end);

for _, alg in ipairs({ "HS256", "ES256", "EdDSA" }) do
	good(alg .. ": keygen", function () return meetauth.keygen { alg = alg }; end, function (key)
		local verify = meetauth.verifier { keys = { key }, algorithms = { alg } };
		return key:alg() == alg and verify(meetauth.sign(key, claims), NOW) ~= nil;
	end);
end
bad("keygen: weak RSA", function () return meetauth.keygen { alg = "RS256", bits = 1024 }; end);

return paths;
