-- place: the host whose tokens open this component's rooms, and the users who need no token.

local jid_split = require "util.jid".split;
local stringprep = require "util.encodings".stringprep;
local usermanager = require "core.usermanager";

local exempt_of = require "meetauth.config.exempt".read;
local roomhosts = require "meetauth.server.roomhosts";

local hosts = prosody.hosts;

local place = {};

-- The domain that the component belongs to: Jitsi's option, or its name less the first label.
place.base = roomhosts.base_of(function (name) return module:get_option(name); end, module.host, stringprep.nameprep);

-- Unicode, for room/name.lua: resourceprep is NFKC, nameprep folds case as well.
place.nfkc, place.fold = stringprep.resourceprep, stringprep.nameprep;

local exempt, mistakes;

local function read_exempt()
	exempt, mistakes = exempt_of(function (name) return module:get_option(name); end);
end

local told;

--- The fault that keeps this component from its work; nil: none. It is logged one time.
---@return string? problem
function place.problem()
	local base = hosts[place.base or ""];
	local problem;
	if not hosts[module.host].modules.muc then
		problem = "mod_muc_meetauth: found on " .. module.host .. ", expected on a MUC component";
	elseif mistakes[1] then
		problem = table.concat(mistakes, "; ");
	elseif not base then
		problem = ("muc_mapper_domain_base: found %q, which is no host, expected the VirtualHost of these rooms")
			:format(tostring(place.base));
	elseif not base.modules.auth_meetauth or base.users.name ~= "meetauth" then
		problem = ("authentication: found another one on %s, or one that failed to load, expected \"meetauth\""):format(place.base);
	end
	if problem and problem ~= told then
		module:log("error", "Only admins can join: %s", problem);
	end
	told = problem;
	return problem;
end

-- Hosts are still being loaded when modules are; only then is it too early to tell.
function place.check()
	if prosody.start_time then place.problem(); end
end

--- Whether sessions of that host may enter rooms of this component at all.
---@param host string
---@return boolean
function place.accepts(host)
	if host == place.base then return true; end
	local base = hosts[place.base or ""];
	local auth = base and base.modules.auth_meetauth;
	return auth ~= nil and auth.accepts_host ~= nil and auth.accepts_host(host);
end

local admin_roles = { ["prosody:admin"] = true, ["prosody:operator"] = true };

-- Prosody 13 has roles; its is_admin logs a traceback for every call.
local function is_admin(bare)
	if usermanager.get_jid_role then
		local role = usermanager.get_jid_role(bare, module.host);
		return role ~= nil and role ~= false and admin_roles[role.name] == true;
	end
	return usermanager.is_admin(bare, module.host) == true;
end

--- Whether this sender needs no grant: admins (Jitsi's focus), and domains or bare JIDs that are listed.
---@param jid string
---@return boolean
function place.exempts(jid)
	local node, domain = jid_split(jid);
	local bare = node and node .. "@" .. domain or domain;
	return exempt[bare] or exempt[domain] or is_admin(bare);
end

read_exempt();
module:hook_global("config-reloaded", read_exempt);

return place;
