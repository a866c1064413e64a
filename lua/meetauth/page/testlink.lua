--- The claims of a test link: for a room of an entry's, in the words of a form. Short-lived, with an id to revoke it by. Pure:
-- the clock and chance are arguments; nothing is signed here.

local add_asked = require "meetauth.access.invitation".add_asked;
local convert = require "meetauth.dialect.convert";
local friendly = require "meetauth.page.friendly";
local names_of = require "meetauth.util.list".names;
local text = require "meetauth.util.text";

local testlink = {};

testlink.MINUTES = 15;       -- unless somebody says otherwise
testlink.MINUTES_MAX = 1440;

local NAME_MAX = 256; -- characters
local ISSUER = "meetauth-console"; -- where the entry takes any

local roles = { member = "false", owner = "true" };
local lobbies = { bypass = "bypass", knock = "knock", default = "" };

---@class TestLink  a form, as a page sends it: any value may be of any type
---@field room any      the room's name, without its tenant
---@field name any      what the others see
---@field role any      member, owner
---@field lobby any     bypass, knock, default: what the entry says
---@field features any  names, a hyphen before those to deny, as meetauth sign takes them
---@field minutes any   until it expires

local function word(value) return type(value) == "string" and text.trimmed(value) or ""; end

-- The contents of the form, in the words of meetauth sign; nil and what is wrong.
local function said_of(form, id)
	local room, minutes = word(form.room), form.minutes or testlink.MINUTES;
	minutes = math.type(minutes) and math.tointeger(minutes);
	if room == "" or room == "*" then return nil, "room: expected one room's name"; end
	if utf8.len(room) == nil or utf8.len(room) > NAME_MAX then return nil, "room: expected a shorter name"; end
	if not roles[form.role or "member"] then return nil, "role: expected member or owner"; end
	if not lobbies[form.lobby or "default"] then return nil, "lobby: expected bypass, knock or default"; end
	if not minutes or minutes < 1 or minutes > testlink.MINUTES_MAX then
		return nil, ("minutes: expected a whole number from 1 to %d"):format(testlink.MINUTES_MAX);
	end
	return {
		room = room, name = text.clean(word(form.name), NAME_MAX), moderator = roles[form.role or "member"],
		lobby = lobbies[form.lobby or "default"], feature = word(form.features), ["expires-in"] = minutes .. "m", ["token-id"] = id,
	};
end

local function intent_of(said, now)
	local intent = friendly.new(now);
	for _, name in ipairs(names_of(said)) do
		local problem = said[name] ~= "" and friendly.put(intent, friendly.by_name[name], said[name], now);
		if problem then return nil, problem; end
	end
	return intent;
end

--- Make them.
---@param entry table   one of the host's issuer entries
---@param host string   the VirtualHost
---@param form TestLink
---@param now integer   seconds since the epoch
---@param id string     of the token
---@return table? claims
---@return string? problem  in words
function testlink.claims(entry, host, form, now, id)
	local said, problem = said_of(form, id);
	if not said then return nil, problem; end
	local intent, wrong = intent_of(said, now);
	if not intent then return nil, wrong; end
	if entry.dialect == "jitsi" then intent.scope = entry.tenant or host; end
	local claims, losses = convert.mint(intent, entry.dialect, {
		issuer = entry.issuer and entry.issuer[1] or ISSUER, audience = names_of(entry.asked.audience)[1], domain = entry.domain_id,
	});
	if not claims then return nil, losses; end
	if losses[1] then return nil, ("%s: %s"):format(losses[1].name, losses[1].why); end
	add_asked(claims, entry);
	return claims;
end

return testlink;
