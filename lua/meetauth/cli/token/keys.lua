--- Keys from files, for signing or for verifying. No key and no secret is ever an argument.

local meetauth = require "meetauth";
local files = require "meetauth.cli.io.files";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";
local left_out = require "meetauth.key.parse".left_out;
local chomped = require "meetauth.util.text".chomped;

local keys = {};

local sources = {
	{ field = "secret_file", option = "--secret-file" }, { field = "key_file", option = "--key-file" },
	{ field = "jwks_file", option = "--jwks-file" },
};

--- Whether a key comes from a file, by which option. Two of them are one too many.
---@param args table
---@return { field: string, option: string }?
function keys.source(args)
	local found;
	for _, source in ipairs(sources) do
		if args[source.field] then
			if found then stop.usage("%s and %s: give only one of the two options", found.option, source.option); end
			found = source;
		end
	end
	return found;
end

-- A line break at the end of a secret's file is the editor's, not the secret's.
local function secret_of(path)
	local bytes = files.read(path, "the secret");
	local secret = chomped(bytes);
	if secret ~= bytes then terminal.say("%s: the line break at the end of the file is not a part of the secret", path); end
	return secret;
end

local function loaded(path, key, reason)
	if key then return key; end
	if reason == "unknown-algorithm" then stop.usage("%s: expected the key's algorithm (--alg), such as RS256", path); end
	return stop.usage("%s: %s", path, reason);
end

-- The contents of a file, as a spec for meetauth.key: a JWK if it is JSON.
local function spec_of(path, kind)
	local text = files.read(path, "the key");
	return { [text:find("^%s*{") and "jwk" or kind] = text };
end

--- The key to sign with.
---@param args table     secret_file or key_file; alg, kid, weak_secret
---@param alg string?    where args have none
---@return Key
function keys.signer(args, alg)
	if args.jwks_file then stop.usage("--jwks-file: a set of public keys cannot sign"); end
	if args.alg and args.alg[2] then stop.usage("--alg: expected one algorithm to sign with"); end
	local path = args.secret_file or args.key_file;
	local spec = args.secret_file and { secret = secret_of(path) } or spec_of(path, "private");
	spec.alg = args.alg and args.alg[1] or alg or args.secret_file and "HS256" or nil;
	spec.weak, spec.kid = args.weak_secret, not spec.jwk and args.kid or nil;
	local key = loaded(path, meetauth.key(spec));
	if not key:can_sign() then stop.usage("%s: not-private", path); end
	return key;
end

-- Every algorithm that the keys of a set are bound to.
local function algorithms_of(list)
	local algorithms, seen = {}, {};
	for _, key in ipairs(list) do
		local alg = key:alg();
		if alg and not seen[alg] then algorithms[#algorithms + 1], seen[alg] = alg, true; end
	end
	return algorithms;
end

local function read_set(args)
	local set, reason = meetauth.jwks(files.read(args.jwks_file, "the key set"));
	if not set then stop.usage("%s: %s", args.jwks_file, reason); end
	for _, skipped in ipairs(set.skipped) do
		terminal.say("%s: %s", args.jwks_file, left_out(skipped));
	end
	local algorithms = args.alg or algorithms_of(set.keys);
	if not algorithms[1] then stop.usage("%s: expected the algorithms of its keys (--alg), such as RS256", args.jwks_file); end
	return set, algorithms;
end

--- The keys to verify with, and their algorithms.
---@param args table  secret_file, key_file or jwks_file; alg, weak_secret
---@return Key[]|KeySet keys
---@return string[] algorithms
function keys.verifiers(args)
	if args.jwks_file then return read_set(args); end
	local path, list = args.secret_file or args.key_file, {};
	local spec = args.secret_file and { secret = secret_of(path) } or spec_of(path, "public");
	spec.weak = args.weak_secret;
	for i, alg in ipairs(args.alg or { args.secret_file and "HS256" or false }) do
		spec.alg = alg or nil;
		list[i] = loaded(path, meetauth.key(spec));
		if spec.jwk and list[i]:can_sign() and not list[i]:alg():find("^HS") then stop.usage("%s: not-public", path); end
	end
	return list, algorithms_of(list);
end

return keys;
