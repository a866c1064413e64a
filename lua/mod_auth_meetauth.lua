-- mod_auth_meetauth: a connection proves who it is with a meeting token, in Jitsi's or Daily's dialect.
-- Answers "who"; mod_muc_meetauth answers "which room, and as what". No rule of its own: what a token
-- gives is decided in the meetauth library, which learns neither Prosody nor the clock.

local new_uuid = require "util.uuid".generate;
local formdecode = require "util.http".formdecode;
local configmanager = require "core.configmanager";
local set_http_option = require "net.http.server".set_option;

local config = require "meetauth.config";
local grant = require "meetauth.grant";
local verifier = require "meetauth.verifier";

local hosts = prosody.hosts;

local PARAMETER = "token"; -- in the query of the request that opens a session

-- Prosody never answers a request whose head is longer than this, 10 KiB unless told otherwise; a token
-- is a part of the head, and one that is too large shall be refused, not left waiting.
local HEAD_SIZE = 65536; -- bytes

-- What this module sets on a session, and clears before every attempt.
local session_fields = {
	"auth_token", "meetauth_grant", "meetauth_guest",
	"jitsi_meet_room", "jitsi_meet_domain", "jitsi_meet_auth_issuer", "jitsi_meet_str_tenant",
	"jitsi_meet_context_user", "jitsi_meet_context_group", "jitsi_meet_context_features", "jitsi_meet_context_room",
};

-- Configuration --------------------------------------------------------------

local function option_names()
	local names = {};
	local all = configmanager.getconfig();
	for _, section in ipairs({ all["*"], rawget(all, module.host) or {} }) do
		for name in pairs(section) do names[#names + 1] = name; end
	end
	return names;
end

local function read_configuration()
	return config.read(function (name) return module:get_option(name); end, option_names());
end

local host, verify;

local function use(fresh)
	for _, warning in ipairs(fresh.warnings) do module:log("warn", "%s", warning); end
	set_http_option("head_size_limit", HEAD_SIZE);
	host, verify = fresh, verifier.of_entries(fresh.entries, fresh.meetauth_max_token);
end

local function tell(problems)
	for _, problem in ipairs(problems) do module:log("error", "%s", problem); end
end

do -- before anything is hooked or provided: half a configuration does not load
	local fresh, problems = read_configuration();
	if not fresh then
		tell(problems);
		error("mod_auth_meetauth: " .. table.concat(problems, "; "), 0);
	end
	use(fresh);
end

-- The token of the request ----------------------------------------------------

-- All tokens that a request brings, whichever way: more than one distinct one is refused later.
local function offered(request)
	local tokens, seen = {}, {};
	local function add(token)
		if not seen[token] then
			seen[token] = true;
			tokens[#tokens + 1] = token;
		end
	end
	local query = request.url.query;
	local parameters = query and formdecode(query);
	for _, parameter in ipairs(type(parameters) == "table" and parameters or {}) do
		if parameter.name == PARAMETER then add(parameter.value); end
	end
	local scheme, credentials = (request.headers.authorization or ""):match("^(%a+) +(.+)$");
	if scheme and scheme:lower() == "bearer" then add(credentials); end
	return tokens;
end

local function take_offer(event)
	local session = event.session;
	session.meetauth_offer = session.meetauth_offer or offered(event.request);
end

-- The attempt ---------------------------------------------------------------

-- The MUC component whose rooms the tokens of this host open.
local function main_muc()
	local prefix = module:get_option_string("muc_mapper_domain_prefix", "conference");
	return module:get_option_string("muc_mapper_domain", prefix .. "." .. module.host);
end

-- Whether rooms of this host would be open to anybody who is logged in.
local function enforcement_missing()
	if host.meetauth_enforcement == "elsewhere" then return false; end
	local main = hosts[main_muc()];
	if main then return main.modules.muc ~= nil and main.modules.muc_meetauth == nil; end
	for name, component in pairs(hosts) do
		if component.modules.muc and name:match("^[^.]+%.(.+)$") == module.host and not component.modules.muc_meetauth then
			return true;
		end
	end
	return false;
end

local function copied(features)
	if not features then return nil; end
	local copy = {};
	for name, value in pairs(features) do copy[name] = value; end
	return copy;
end

-- The fields that Jitsi's other modules read, the same for both dialects (jitsi.md 4).
local function adopt(session, token, given)
	session.auth_token = token;
	session.meetauth_grant = given;
	session.jitsi_meet_room = given.room;
	session.jitsi_meet_domain = given.domain or given.tenant or module.host;
	session.jitsi_meet_auth_issuer = given.issuer;
	session.jitsi_meet_str_tenant = given.claimed_tenant;
	session.jitsi_meet_context_user = given.user;
	session.jitsi_meet_context_group = given.group;
	session.jitsi_meet_context_features = copied(given.features); -- neighbours write to it
	session.jitsi_meet_context_room = given.room_context;
end

-- Log the session in with what it offered; the reason if that is refused.
local function authenticate(session)
	for _, field in ipairs(session_fields) do session[field] = nil; end
	if enforcement_missing() then return "enforcement-missing"; end
	local tokens = session.meetauth_offer or {};
	if not tokens[1] then
		if not host.allow_empty_token then return "token-required"; end
		session.meetauth_guest = true;
		return nil;
	end
	if tokens[2] then return "conflicting-tokens"; end
	local claims, refused, entry = verify(tokens[1], os.time());
	if not claims then return refused; end
	local given, reason = grant.of(claims, entry);
	if not given then return reason; end
	adopt(session, tokens[1], given);
	session.meetauth_offer = nil;
	return nil;
end

-- SASL ----------------------------------------------------------------------

-- One for each session. Speaks ANONYMOUS, as Jitsi's client does; Prosody's own would ask its callback
-- in a loop until it says yes.
local handler = {};
handler.__index = handler;

local function new_handler(session)
	return setmetatable({ session = session }, handler);
end

function handler:mechanisms() -- luacheck: ignore 212/self
	return { ANONYMOUS = true };
end

function handler:select(mechanism)
	if self.selected or mechanism ~= "ANONYMOUS" then return nil; end
	self.selected = mechanism;
	return true;
end

function handler:process()
	local session = self.session;
	local reason = authenticate(session);
	if reason then
		session.log("info", "Meeting token refused: %s", reason);
		return "failure", "not-allowed", reason; -- the only condition whose text Jitsi's client shows
	end
	local given = session.meetauth_grant;
	session.log("info", "Meeting token accepted: %s", given and given.entry or "none, as a guest");
	self.username = new_uuid();
	return "success";
end

function handler:clean_clone()
	return new_handler(self.session);
end

-- Provider ------------------------------------------------------------------

local provider = {};

function provider.get_sasl_handler(session)
	return new_handler(session);
end

for _, name in ipairs({ "test_password", "get_password", "set_password", "user_exists", "create_user", "delete_user" }) do
	provider[name] = function () return nil, "Accounts are made by meeting tokens"; end
end

module:hook_global("config-reloaded", function ()
	local fresh, problems = read_configuration();
	if fresh then
		use(fresh);
	else
		tell(problems);
		module:log("error", "The new configuration is not used; the one before stays");
	end
end);

module:hook_global("bosh-session", take_offer);
module:hook_global("websocket-session", take_offer);

module:provides("auth", provider);
