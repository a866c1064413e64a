-- who: the occupants of a room: by which entry they came, what they may do there and what says so, and until when.

local jid_host = require "util.jid".host;
local jid_prep = require "util.jid".prep;

local accessdescribe = require "meetauth.access.describe";

local output = module:require "output";

local who = {};

local hosts = prosody.hosts;

local function room_of(jid)
	local host = hosts[jid_host(jid) or ""];
	local muc = host and host.modules and host.modules.muc;
	return muc and muc.get_room_from_jid(jid);
end

-- When a session has to leave the room, in words; nil: it does not have to.
local function deadline_of(session, grant, room)
	local fixed = session.meetauth_deadlines and session.meetauth_deadlines[room.jid];
	if fixed then return ("%s (%s)"):format(output.time(fixed.at), fixed.reason); end
	if not grant.expires then return "never: the token does not expire"; end
	return ("%s (at expiry: %s)"):format(output.time(grant.expires), grant.at_expiry);
end

local function show_session(print, session, room, affiliation)
	local grant = session and session.meetauth_grant;
	if not grant then
		print(session and session.meetauth_guest and "  a guest, without a token" or "  needs no token");
		return;
	end
	print(("  %-14s %s"):format("entry", ("%s (%s)"):format(grant.entry, grant.dialect)));
	for _, row in ipairs(accessdescribe.of(grant, affiliation)) do
		print(("  %-14s %s"):format(row.right, output.cell(("%s, by %s"):format(row.value, row.origin))));
	end
	print(("  %-14s %s"):format("until", deadline_of(session, grant, room)));
end

--- Command: show a room.
---@param jid string?
function who.show(self, jid)
	jid = jid_prep(jid);
	local room = jid and room_of(jid);
	if not room then return nil, "this room does not exist now. Write an address such as standup@conference.meet.example"; end
	local print, occupants = self.session.print, {};
	for _, occupant in room:each_occupant() do occupants[#occupants + 1] = occupant; end
	table.sort(occupants, function (a, b) return a.nick < b.nick; end);
	for _, occupant in ipairs(occupants) do
		local affiliation = room:get_affiliation(occupant.bare_jid) or "none";
		print(output.cell(("%s: %s, %s"):format(occupant.nick:sub(#room.jid + 2), affiliation, occupant.role)));
		for real_jid in occupant:each_session() do show_session(print, prosody.full_sessions[real_jid], room, affiliation); end
	end
	return true, output.count(#occupants, "occupant");
end

return who;
