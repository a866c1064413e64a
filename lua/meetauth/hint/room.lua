--- Hints beside where a token leads: the room's name and its tenant.

local is_close = require "meetauth.hint.parts".is_close;
local roomname = require "meetauth.room.name";

-- Whether the room is no tenant's: its token names the server's own domain.
local function is_plain(subject) return roomname.split(subject.room.node) == nil; end

-- Whether a room that a grant names looks like that.
local function looks(grant, like)
	for _, name in ipairs(type(grant.room) == "table" and grant.room or { grant.room }) do
		if name:find(like) then return true; end
	end
	return false;
end

---@type Hint[]
return {
	{ check = "room", reason = "room-mismatch", says = "room is an address. Write the room's name alone: room = \"standup\"",
		holds = function (s) return looks(s.grant, "[/@]"); end };
	{ check = "room", reason = "room-mismatch",
		says = "room looks like a pattern, but is read as a plain name. Write \"room\": { \"glob\": true } into context to make it a "
			.. "pattern",
		holds = function (s) return not s.grant.room_pattern and looks(s.grant, "[*?]"); end };
	{ check = "room", reason = "room-mismatch",
		says = "room has the tenant in it. Write the tenant into sub: sub = \"acme\", room = \"standup\"",
		holds = function (s) return looks(s.grant, "^%[.+%]"); end };
	{ check = "room", reason = "room-mismatch",
		says = "the token is for another room. Write the room's name from the link into room (for Daily into r): room = \"standup\"",
		holds = function () return true; end };
	{ check = "tenant", reason = "room-mismatch",
		says = "sub is the app id, but must be the server's own domain. Write sub = \"%s\"",
		holds = function (s)
			local domain, issuer = s.grant.domain, s.grant.issuer;
			return domain and issuer and (domain == issuer or is_close(domain, issuer)) and is_plain(s) and s.place.base;
		end };
	{ check = "tenant", reason = "room-mismatch",
		says = "sub looks like the domain in the browser's address, but must be the server's own domain. Write sub = \"%s\"",
		holds = function (s)
			local domain = s.grant.domain;
			return domain and domain:find(".", 1, true) and is_plain(s) and s.place.base;
		end };
	{ check = "tenant", reason = "room-mismatch",
		says = "sub is the server's domain or another tenant, but this room belongs to a tenant. Write the tenant into sub: for "
			.. "https://meet.example/acme/standup write sub = \"acme\"",
		holds = function (s) return s.grant.domain and not is_plain(s); end };
	{ check = "tenant", reason = "room-mismatch", says = "sub names a tenant, but this room belongs to no tenant. Write sub = "
		.. "\"%s\"",
		holds = function (s) return s.grant.domain and s.place.base; end };
	{ check = "tenant", reason = "room-mismatch",
		says = "the entry opens rooms of its tenant only. Open the link with the tenant in it: https://meet.example/%s/standup",
		holds = function (s) return s.grant.tenant; end };
	{ check = "rooms", reason = "room-mismatch",
		says = "the entry's rooms option does not list this room. Add its name to rooms, as in rooms = { \"standup\", \"team-*\" }",
		holds = function () return true; end };
};
