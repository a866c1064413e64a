--- The fields of an issuer entry that shape its tokens' grants. A host's configuration and a program's call are read in
-- one way. Other files have the fields for keys and for required claims.

local ceiling = require "meetauth.access.ceiling";
local grants = require "meetauth.access.grant";
local claimrule = require "meetauth.dialect.jitsi.claimrule";
local dailyfields = require "meetauth.dialect.daily.fields".list;
local sending = require "meetauth.dialect.jitsi.sending";
local invitation = require "meetauth.access.invitation";
local names_of = require "meetauth.util.list".names;
local schema = require "meetauth.util.schema";
local shown = require "meetauth.util.shown";
local roomglobs = require "meetauth.room.globs";

local entries = {};

local LEEWAY = 10; -- seconds, as meetauth_leeway

local unique_words = { [true] = "newest", ["newest"] = "newest", ["first"] = "first", [false] = false };

-- Which one stays of a user who comes from two devices; true is as "newest".
local unique_kind = {
	expected = "true, false, \"newest\" or \"first\"";
	read = function (value) return unique_words[value]; end;
};

-- 'dialect': the field belongs to that dialect only.
local own_fields = {
	{ name = "id", kind = "string" };
	{ name = "dialect", kind = schema.one_of("jitsi", "daily"), default = "jitsi" };
	{ name = "tenant", kind = "string" };
	{ name = "domain_verification", kind = "boolean", default = true, dialect = "jitsi" };
	{ name = "room", kind = schema.one_of("required", "tenant"), default = "required" };
	{ name = "rooms", kind = "strings" };
	{ name = "may", kind = "names" };
	{ name = "moderator", kind = claimrule.kind, dialect = "jitsi" };
	{ name = "leeway", kind = "seconds" };
	{ name = "lobby", kind = schema.one_of("bypass", "knock", "claim", "owners") };
	{ name = "knock_without_lobby", kind = schema.one_of("create", "refuse", "ignore"), default = "create" };
	{ name = "single_use", kind = "boolean", default = false };
	{ name = "invites", kind = invitation.kind };
	{ name = "may_send", kind = sending.kind };
	{ name = "eject_after", kind = schema.integer(1, 2147483647) };
	{ name = "kick_bans", kind = "seconds", default = 0 };
	{ name = "unique_users", kind = unique_kind, default = false };
};
entries.fields = schema.fields(own_fields, dailyfields);

local default_lobby = { jitsi = "claim", daily = "bypass" };

-- A field that limits tokens must mean exactly what the operator writes: no word is ignored.
local function check_bounds(found, entry, label)
	for _, right in ipairs(entry.may or {}) do
		if not ceiling.is_right[right] then
			found:add(label .. "may", shown.text(right), "one of " .. table.concat(ceiling.rights, ", "));
		end
	end
	for _, glob in ipairs(entry.rooms or {}) do
		if not roomglobs.is_glob(glob) then
			found:add(label .. "rooms", ("a string of %d bytes"):format(#glob), "globs of at most 128 bytes");
		end
	end
end

--- Read the fields of an entry; what does not fit, is unknown or is the other dialect's becomes a problem.
---@param found Problems
---@param raw table
---@param fields Fields  entries.fields, and the fields of others
---@param label string    the text before a field's name in problems
---@return table entry
function entries.read(found, raw, fields, label)
	local entry, of_dialects = setmetatable({}, fields.defaults), {};
	for _, field in ipairs(fields.list) do
		local name = field.name;
		local value = raw[name];
		if value ~= nil then
			entry[name] = schema.read(found, field, value, label .. name);
			if field.dialect then of_dialects[#of_dialects + 1] = field; end
		end
	end
	local unknown = {};
	for name in pairs(raw) do
		if not fields.by_name[name] then unknown[tostring(name)] = true; end
	end
	for _, name in ipairs(names_of(unknown)) do found:add(label .. name, "a field with this name", "a field of an issuer entry"); end
	for _, field in ipairs(of_dialects) do
		if field.dialect ~= entry.dialect then
			found:add(label .. field.name, ("this field in a %s entry"):format(entry.dialect),
				("this field only in %s entries"):format(field.dialect));
		end
	end
	if entry.dialect == "daily" and not entry.domain_id then found:add(label .. "domain_id", "nil", "the Daily domain's id"); end
	check_bounds(found, entry, label);
	entry.lobby = entry.lobby or default_lobby[entry.dialect];
	grants.prepare(entry);
	return entry;
end

--- An entry for grant.of, of the fields that are about grants. Raises on a caller's mistake.
---@param raw table
---@param caller string  the function whose argument it is, for the message
---@return table entry
function entries.of(raw, caller)
	if type(raw) ~= "table" then error(("%s: found %s, expected an entry"):format(caller, type(raw)), 3); end
	local found = schema.problems();
	local entry = entries.read(found, raw, entries.fields, "");
	if found.list[1] then error(caller .. ": " .. table.concat(found.list, "; "), 3); end
	entry.asked = { leeway = entry.leeway or LEEWAY };
	entry.user_prefix = entry.user_prefix or "";
	entry.on_expiry = "ignore";
	return entry;
end

return entries;
