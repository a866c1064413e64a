--- Makes a token: its issuer, its dialect, its key, and its form (a token alone or a link). The server's entry gives the
-- values that the options do not.

local meetauth = require "meetauth";
local convert = require "meetauth.dialect.convert";
local extraclaims = require "meetauth.cli.token.extraclaims";
local entries = require "meetauth.cli.server.entries";
local jaas_kid = require "meetauth.dialect.jitsi.write".jaas_kid;
local keys = require "meetauth.cli.token.keys";
local stop = require "meetauth.cli.io.stop";
local escape = require "meetauth.util.bytes".escape;
local names_of = require "meetauth.util.list".names;

local minter = {};

---@class Minter
---@field dialect "jitsi"|"jaas"|"daily"
---@field whose Whose
---@field scope string?   sub, where nobody names a tenant
---@field tenant string?  that the entry is confined to
---@field key Key?        nil: claims only
---@field extra table?    claims beside an intent's claims
---@field members table?  of the header, beside what the key says
---@field parameter string  of a link
local methods = {};
methods.__index = methods;

--- The options that say in whose name.
function minter.options(command)
	command:group("Issuer, audience, domain and key id of the token. The defaults are the entry's values",
		command:option("--iss", "Jitsi: the issuer."):argname("<text>"),
		command:option("--aud", "Jitsi: the audience."):argname("<text>"),
		command:option("--sub", "Jitsi: the domain whose rooms the token opens, or * for all domains. --tenant replaces it.")
			:argname("<domain>"),
		command:option("--domain-id", "Daily: the domain's id (d)."):argname("<id>"),
		command:option("--app-id", "JaaS: the application's id."):argname("<id>"),
		command:option("--kid", "The key's kid. JaaS needs it."):argname("<id>"));
end

local function dialect_of(args, entry)
	local dialect = args.dialect or entry and entry.dialect or "jitsi";
	if entry and (dialect == "daily") ~= (entry.dialect == "daily") then
		stop.usage("%s: the entry %s has the dialect %s", dialect, entry.id, entry.dialect);
	end
	return dialect;
end

local function key_of(args, server, entry, dialect)
	if keys.source(args) then return keys.signer(args, dialect == "jaas" and args.key_file and "RS256" or nil); end
	if entry then return entries.signer(server, entry, args.alg and args.alg[1]); end
	return nil;
end

-- A JaaS kid has the application's id in it.
local function kid_of(args, dialect)
	if dialect ~= "jaas" or not args.app_id then return args.kid; end
	return args.kid and jaas_kid(args.app_id, args.kid);
end

--- Make one.
---@param args table      claim, dialect, iss, aud, sub, domain_id, app_id, kid, alg, secret_file, key_file, weak_secret
---@param server Server?
---@param entry table?    one of the server's
---@return Minter
function minter.of(args, server, entry)
	local dialect = dialect_of(args, entry);
	local kid = kid_of(args, dialect);
	if args.alg and not args.alg[1] then args.alg = nil; end
	args.kid = kid;
	local key = key_of(args, server, entry, dialect);
	if key and dialect == "jaas" and not (kid or key:kid()) then stop.usage("JaaS needs the key's id (--kid)"); end
	entry = entry or { asked = {} };
	return setmetatable({
		dialect = dialect, key = key, extra = extraclaims.read(args.claim),
		whose = {
			issuer = args.iss or entry.issuer and entry.issuer[1], audience = args.aud or names_of(entry.asked.audience)[1],
			domain = args.domain_id or entry.domain_id, application = args.app_id,
		},
		tenant = entry.tenant,
		scope = args.sub or server and (entry.tenant or server.host) or nil,
		members = key and kid and key:kid() ~= kid and { kid = kid } or nil,
		parameter = dialect == "daily" and not server and "t" or "jwt", -- Daily's own pages, and Jitsi's client
	}, methods);
end

--- Claims of an intent, or nil and what is missing.
---@param intent Intent
---@return table? claims
---@return Loss[]|string losses
function methods:claims(intent)
	if self.dialect == "jitsi" then
		if not self.whose.issuer then return nil, "expected the issuer (--iss)"; end
		intent.scope = intent.scope or self.scope;
	end
	local claims, losses = convert.mint(intent, self.dialect, self.whose);
	local problem = claims and extraclaims.add(claims, self.extra);
	if problem then return nil, problem; end
	return claims, losses;
end

--- Sign claims.
---@param claims table
---@return string? token
---@return string? reason
function methods:sign(claims)
	return meetauth.sign(self.key, claims, self.members);
end

--- A link to the room, with the token in it; nil and what is missing.
---@param base string
---@param token string
---@param claims table
---@param tenant string?  the room's, where it is not the entry's
---@return string? link
---@return string? problem
function methods:link(base, token, claims, tenant)
	local room = claims.room or claims.r;
	if type(room) ~= "string" or room == "*" then return nil, "a link needs one room"; end
	local folder = self.dialect == "jaas" and self.whose.application or tenant or self.tenant;
	return ("%s/%s%s?%s=%s"):format((base:gsub("/+$", "")), folder and escape(folder) .. "/" or "", escape(room),
		self.parameter, token);
end

return minter;
