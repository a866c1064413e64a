--- meetauth keygen: a new key, or a new shared secret.

local meetauth = require "meetauth";
local files = require "meetauth.cli.io.files";
local bytes = require "meetauth.util.bytes";
local json = require "meetauth.util.json";
local options = require "meetauth.cli.token.options";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local keygen = { about = "Make a new key or secret." };

local function whole(text)
	local number = math.tointeger(tonumber(text));
	return number, number and nil or "--bits: expected a whole number";
end

function keygen.options(command)
	options.algorithm(command, "--alg", "The algorithm of the new key."):default("HS256");
	command:option("--bits", "The size of an RSA key. The default is 2048."):argname("<number>"):convert(whole);
	command:option("--crv", "The curve for EdDSA. The default is Ed25519."):argname("<curve>"):choices({ "Ed25519", "Ed448" });
	command:option("--kid", "The public key's kid. The default is its thumbprint (RFC 7638)."):argname("<id>");
	command:option("--out-private", "Write the private key or the secret to this new file, which only its owner can read. The "
		.. "default is standard output."):argname("<file>");
	command:option("--out-jwk", "Write the public key to this new file, as a JWK. The default is standard output, if the private "
		.. "key has a file."):argname("<file>");
end

local function write_new(path, text)
	if files.exists(path) then stop.usage("%s already exists", path); end
	local output <close> = files.create(path, true);
	output:write(text);
	output:keep();
end

local function public_text(key, kid)
	local members = assert(key:jwk());
	members.kid = kid or assert(key:thumbprint());
	return json.encode(members) .. "\n";
end

function keygen.run(args)
	local is_secret = args.alg:find("^HS") ~= nil;
	local private, public = files.path(args.out_private), files.path(args.out_jwk);
	if args.out_jwk == "-" and not private then stop.usage("--out-jwk: standard output has the private key already"); end
	if is_secret and (args.out_jwk or args.kid) then stop.usage("a secret has no public key. Remove --out-jwk and --kid"); end
	local key, material = meetauth.keygen({ alg = args.alg, bits = args.bits, crv = args.crv });
	if not key then stop.usage("%s: %s", args.alg, material); end
	local text = is_secret and bytes.hex(material) or material;
	if private then write_new(private, text); else terminal.write(text, is_secret and "\n" or ""); end
	if is_secret then return; end
	if public then
		write_new(public, public_text(key, args.kid));
	elseif private then
		terminal.write(public_text(key, args.kid));
	end
end

return keygen;
