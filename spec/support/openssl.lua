--- The openssl command line: an engine apart from the core that makes keys and signatures for the specs.

local openssl = {};

local function read(path)
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

local function write(path, bytes)
	local file <close> = assert(io.open(path, "wb"));
	assert(file:write(bytes));
end

-- The specs may run with a sanitizer preloaded, which is none of the child's business.
local CLEAN = "unset LD_PRELOAD ASAN_OPTIONS LSAN_OPTIONS; exec openssl ";

--- openssl.run(arguments [, input [, second]]) -> what it wrote. "<in>" and "<in2>" in the arguments
-- are the paths of files that hold the inputs, "<out>" is the output file; it must be there.
function openssl.run(arguments, input, second)
	local paths = { ["in"] = os.tmpname(), in2 = os.tmpname(), out = os.tmpname() };
	write(paths["in"], input or "");
	write(paths.in2, second or "");
	local ok = os.execute(CLEAN .. arguments:gsub("<(%w+)>", paths) .. " 2>/dev/null");
	local output = read(paths.out);
	for _, path in pairs(paths) do os.remove(path); end
	assert(ok and output ~= "", "openssl " .. arguments);
	return output;
end

local generate = {
	["rsa"] = "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out <out>";
	["rsa-1024"] = "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out <out>";
	["rsa-pss"] = "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out <out>";
	["rsa-pss sha384"] = "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha384 "
		.. "-pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48 -out <out>";
	["rsa-pss sha256 mask sha384"] = "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 "
		.. "-pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:32 -out <out>";
	["rsa-pss sha256 salt 33"] = "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 "
		.. "-pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:33 -out <out>";
	["rsa-pss sha1"] = "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha1 "
		.. "-pkeyopt rsa_pss_keygen_saltlen:20 -out <out>";
	["P-256"] = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out <out>";
	["P-384"] = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out <out>";
	["P-521"] = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out <out>";
	["secp256k1"] = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out <out>";
	["P-256 explicit"] =
		"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -out <out>";
	["Ed25519"] = "genpkey -algorithm ED25519 -out <out>";
	["Ed448"] = "genpkey -algorithm ED448 -out <out>";
	["X25519"] = "genpkey -algorithm X25519 -out <out>";
};

local made = {};

-- The same text each time it is asked for.
local function once(what, kind, make)
	local name = what .. kind;
	made[name] = made[name] or make();
	return made[name];
end

--- A private key as PKCS#8 PEM, the same one each time.
function openssl.private(kind)
	return once("private ", kind, function () return openssl.run(generate[kind]); end);
end

--- Its public key as SubjectPublicKeyInfo PEM.
function openssl.public(kind)
	return once("public ", kind, function ()
		return openssl.run("pkey -in <in> -pubout -out <out>", openssl.private(kind));
	end);
end

--- A self-signed certificate of it as PEM.
function openssl.certificate(kind)
	return once("certificate ", kind, function ()
		return openssl.run("req -x509 -new -key <in> -subj /CN=spec -days 2 -out <out>", openssl.private(kind));
	end);
end

local numbers = { n = "modulus", d = "privateExponent", p = "prime1", q = "prime2", dp = "exponent1", dq = "exponent2",
	qi = "coefficient" };

--- A number of a private RSA key, by its name in a JWK, as big-endian bytes without zeros in front.
function openssl.number(pem, name)
	local text = openssl.run("pkey -in <in> -noout -text -out <out>", pem);
	if name == "e" then return "\1\0\1"; end
	local hex = (text .. "end"):match(numbers[name] .. ":\n(.-)\n%a"):gsub("%X", "");
	local bytes = hex:gsub("%x%x", function (digits) return string.char(tonumber(digits, 16)); end):gsub("^\0+", "");
	return bytes;
end

--- HMAC-SHA256.
function openssl.hmac(secret, bytes)
	local hex = secret:gsub(".", function (c) return ("%02x"):format(c:byte()); end);
	return openssl.run("dgst -sha256 -mac HMAC -macopt hexkey:" .. hex .. " -binary -out <out> <in>", bytes);
end

return openssl;
