--- meetauth jwks: keys in files as one JWK set, public parts only.

local meetauth = require "meetauth";
local files = require "meetauth.cli.io.files";
local json = require "meetauth.util.json";
local options = require "meetauth.cli.token.options";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local jwks = { about = "Write the public parts of keys as a JWK set." };

function jwks.options(command)
	command:argument("files", "A key file: PEM or JWK, public or private. - is standard input."):args("+");
	options.algorithm(command, "--alg", "The algorithm of RSA keys. Other keys need no algorithm.");
end

-- The one algorithm that the file's key has, or is given.
local function load(path, alg)
	local text = files.read(path, "the key");
	local kind = text:find("^%s*{") and "jwk" or text:find("PRIVATE KEY", 1, true) and "private" or "public";
	local key, reason = meetauth.key({ [kind] = text });
	if reason == "unknown-algorithm" and alg then key, reason = meetauth.key({ [kind] = text, alg = alg }); end
	if reason == "unknown-algorithm" then stop.usage("%s: expected the algorithm of its RSA key (--alg), such as RS256", path); end
	if not key then stop.usage("%s: %s", path, reason); end
	return key;
end

function jwks.run(args)
	local list, seen = meetauth.array({}), {};
	for i, path in ipairs(args.files) do
		local key = load(path, args.alg);
		local members, reason = key:jwk();
		if not members then stop.usage("%s: %s", path, reason); end
		members.kid = members.kid or assert(key:thumbprint());
		if seen[members.kid] then stop.usage("%s: duplicate-kid", path); end
		seen[members.kid], list[i] = true, members;
	end
	terminal.write(json.encode({ keys = list }), "\n");
end

return jwks;
