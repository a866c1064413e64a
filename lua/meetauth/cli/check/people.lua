--- Checks of what entries say of people: which of a provider's users may enter, and how many places one user has. Also:
--- whom a kick keeps out, and whom owners invite.

-- Whether the host's logins are meetauth's.
local function decides(host) return host.get("authentication") == "meetauth" and host.read ~= nil; end

-- Admitted users --------------------------------------------------------------------

-- The provider whose keys an entry takes, where nothing in the entry tells the provider's tokens for this service from others.
local function unbound_provider(entry)
	local asked = entry.asked;
	if asked.audience or asked.claims or asked.admit then return nil; end
	for _, source in ipairs(entry.sources) do
		if source.kind == "oidc_url" then return source.at; end
	end
	return nil;
end

local function check_admission(_, host, say)
	if not decides(host) then return; end
	local clean = true;
	for _, entry in ipairs(host.read.entries) do
		local provider = unbound_provider(entry);
		if provider then
			clean = false;
			say("warn", ("%s lets in every user of %s, also with a token for another service"):format(entry.id, provider),
				"audience = the client id, or claims = { azp = the client id }, in the entry; admit chooses among the users");
		end
	end
	if clean then say("ok", "no entry takes a provider's tokens for other services"); end
end

-- Their rights in a room ------------------------------------------------------------

-- Fields of an entry that mod_muc_meetauth alone keeps, and how one reads in a line.
local fields = {
	{ name = "unique_users", is_set = function (value) return value; end,
		text = function (value) return value == "first" and "unique_users = \"first\"" or "unique_users = \"newest\""; end };
	{ name = "kick_bans", is_set = function (value) return value and value > 0; end,
		text = function (value) return ("kick_bans = %d"):format(value); end };
	{ name = "invites", is_set = function (value) return value; end, text = function () return "invites"; end };
};

-- The fields that an entry sets, with their values; nil where it sets none.
local function set_by(entry)
	local words = {};
	for _, field in ipairs(fields) do
		local value = entry[field.name];
		if field.is_set(value) then words[#words + 1] = field.text(value); end
	end
	return words[1] and ("%s (%s)"):format(entry.id, table.concat(words, ", "));
end

-- Whether a component with the rooms of a host is guarded.
local function is_guarded(site, host)
	for _, component in ipairs(site:rooms(host)) do
		if component.modules.muc_meetauth then return true; end
	end
	return false;
end

local function check_people(site, host, say)
	if not decides(host) or site:home_of(host) then return; end
	local set = {};
	for _, entry in ipairs(host.read.entries) do set[#set + 1] = set_by(entry); end
	if not set[1] then return say("ok", "no entry sets unique_users, kick_bans or invites"); end
	local words = table.concat(set, ", ");
	if is_guarded(site, host) then return say("ok", words); end
	say("warn", words .. ": nobody keeps this, because no MUC component of this host loads muc_meetauth",
		"\"muc_meetauth\" in modules_enabled of that component, or take the fields out of the entries");
end

-- Invitations -----------------------------------------------------------------------

local function check_invitations(_, host, say)
	if not decides(host) then return; end
	local ids = {};
	for _, entry in ipairs(host.read.entries) do
		if entry.invites then ids[#ids + 1] = entry.id; end
	end
	if not ids[1] then return; end
	local words, url = table.concat(ids, ", "), host.read.meetauth_http_room_url;
	if host.get("meetauth_http_room_url") then return say("ok", ("%s: links open %s"):format(words, url)); end
	say("note", ("%s: links open %s"):format(words, url), "meetauth_http_room_url, where the web app has another address");
end

---@type CheckRow[]
return {
	{ name = "admission", of = "host", look = check_admission };
	{ name = "people", of = "host", look = check_people };
	{ name = "invitations", of = "host", look = check_invitations };
};
