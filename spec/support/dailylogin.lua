--- A Daily token's way through the verifier and the dialect, as at a login.

local secret_of = require "spec.support.secret";
local keyheld = require "meetauth.key.held";
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local grant_of = require "meetauth.access.grant".of;
local verifier = require "meetauth.token.verifier";

local NOW = 1700000000;
local secret = secret_of("s");

--- The grant of a token with these members in place of its own d, r, iat and exp.
---@param members string       as JSON, without the braces
---@param fields table?        further fields of the entry
---@param without string?      a member that the token has not
---@return Grant? grant
---@return string? reason
return function (members, fields, without)
	local entry = { dialect = "daily", domain_id = "acme", secret = secret };
	for name, value in pairs(fields or {}) do entry[name] = value; end
	local host = assert(hostconfig.read(function (name) return ({ meetauth_issuers = { entry } })[name]; end));
	local parts = { members ~= "" and members or nil };
	for name, value in pairs({ d = '"acme"', r = '"x"', iat = "1", exp = "1700000600" }) do
		local given = members:find('"' .. name .. '":', 1, true);
		if not given and name ~= without then parts[#parts + 1] = ('"%s":%s'):format(name, value); end
	end
	local verify = verifier.of_entries(host.entries, host.meetauth_max_token, keyheld.of(host.entries));
	local payload = "{" .. table.concat(parts, ",") .. "}";
	local claims, reason = verify(core.sign(core.key.new("HS256", "secret", secret), '{"alg":"HS256"}', payload), NOW);
	if not claims then return nil, reason; end
	return grant_of(claims, host.entries[1]);
end;
